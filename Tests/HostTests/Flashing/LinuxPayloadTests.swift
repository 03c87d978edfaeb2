import Diagnostics
import Fixtures
import Flashing
import Reference
import SICEABI
import Testing

/// Linux kernels that cbfstool made payloads of, with and without a RAM disk, command line, and compression.
@Suite struct LinuxPayloadTests {
    private let place: Workplace

    init() throws {
        place = try Workplace(ownPayload: nil, size: 0x10_0000)
        var kernel = SampleKernel()
        kernel.paragraphs = 1025
        try place.write(kernel.bytes, "vmlinuz")
    }

    /// A ROM whose own payload is the kernel, as a user of LinuxBoot has it.
    private func rom(_ options: [String]) throws -> [UInt8] {
        try place.change(
            place.rom, ["add-payload", "-f", "vmlinuz", "-n", "fallback/payload"] + options)
    }

    /// Bytes that LZMA makes smaller.
    private func initrd(_ size: Int) throws -> [String] {
        try place.write((0..<size).map { UInt8(truncatingIfNeeded: $0 / 16) }, "initrd")
        return ["-I", "initrd"]
    }

    private static let commandLine = "console=ttyS0 " + String(repeating: "quiet ", count: 40)

    @Test(arguments: ["none", "lzma"], [nil, 1000, 4096, 100_003]) func accept_kernel(
        _ compression: String, _ size: Int?
    ) throws {
        let rom = try rom(
            ["-c", compression, "-C", Self.commandLine] + (size.map { try initrd($0) } ?? []))
        let before = try ROM(rom, path: "before")
        let flashed = try place.flash(rom)
        #expect(
            try ROM(flashed, path: "after").content(of: "sice/next")
                == before.content(of: "fallback/payload"))
        #expect(try place.unflash(flashed) == rom)
        try ROM(flashed, path: "rom").requireBootable()
    }

    @Test func accept_kernelThatIsOnlyAKernel() throws {
        #expect(try place.error(rom(["-c", "none"])) == nil)
        #expect(try place.error(rom(["-c", "none"] + initrd(1))) == nil)
    }

    /// The same payload, made by `flash` itself.
    @Test func next_isMadeAPayloadAsCbfstoolDoes() throws {
        let rom = try rom(["-c", "none", "-C", Self.commandLine] + initrd(4097))
        var plan = place.plan
        plan.next = place.folder + "/vmlinuz"
        plan.nextParameters = KernelParameters(
            initrd: place.folder + "/initrd", commandLine: Self.commandLine)
        let flashed = try place.flash(place.rom, plan)
        #expect(
            try ROM(flashed, path: "flashed").content(of: "sice/next")
                == ROM(rom, path: "rom").content(of: "fallback/payload"))
        plan.nextParameters = KernelParameters()
        #expect(place.error(try place.rom, plan) == nil)
    }

    @Test func reject_parametersOfWhatIsNoKernel() throws {
        var plan = place.plan
        plan.next = place.folder + "/next.elf"
        plan.nextParameters.commandLine = ""
        #expect(place.error(try place.rom, plan) == ToolError(.notALinuxKernel, plan.next ?? ""))
        plan.nextParameters = KernelParameters(initrd: place.folder + "/vmlinuz")
        #expect(place.error(try place.rom, plan)?.code == .notALinuxKernel)
        try place.write(Array(SampleKernel().bytes.dropLast(8)), "short")
        plan.next = place.folder + "/short"
        #expect(place.error(try place.rom, plan) == ToolError(.linuxKernelTruncated, plan.next ?? ""))
        plan.next = place.folder + "/vmlinuz"
        plan.nextParameters.initrd = place.folder + "/none"
        #expect(place.error(try place.rom, plan)?.code == .fileMissing)
        var asPayload = place.plan
        asPayload.payload = place.folder + "/vmlinuz"
        #expect(place.error(try place.rom, asPayload) == ToolError(.payloadForeign, asPayload.payload))
    }

    /// Offsets in a segment's record, 28 bytes: parameters, kernel, first program, command line, RAM disk.
    private func changed(_ segment: Int, _ offset: Int, _ value: UInt32) throws -> [UInt8] {
        var rom = try rom(["-c", "none", "-C", Self.commandLine] + initrd(4096))
        let content = try #require(
            try ROM(rom, path: "rom").files().first { $0.name == "fallback/payload" }?.content)
        for index in 0..<4 {
            rom[content.lowerBound + segment * 28 + offset + index] = UInt8(
                truncatingIfNeeded: value >> (24 - 8 * index))
        }
        return rom
    }

    /// What cbfstool 4.15 makes of content that LZMA makes no smaller: nothing, though it says that it succeeded.
    @Test(arguments: [0, 3, 4]) func reject_contentThatCbfstoolLost(_ segment: Int) throws {
        var rom = try changed(segment, 4, 1)
        let content = try #require(
            try ROM(rom, path: "rom").files().first { $0.name == "fallback/payload" }?.content)
        for index in 20..<24 { rom[content.lowerBound + segment * 28 + index] = 0 }
        #expect(place.error(rom)?.code == .bootPayloadDamaged)
    }

    @Test func reject_partsThatHaveNoRoom() throws {
        let (address, memory) = (16, 24)
        #expect(place.error(try changed(4, memory, 0x3300_0000)) == nil)
        #expect(
            place.error(try changed(4, memory, 0x3300_0001))
                == ToolError(.bootNoRoomForInitrd, "rom: fallback/payload"))
        let line = try #require(place.error(try changed(3, address, 0x4_FF80)))
        #expect(line.code == .bootPayloadInHiddenMemory)
        #expect(line.detail.hasSuffix("the segment 0x4FF80 to 0x5007E meets 0x30000 to 0x4FFFF"))
        // Named by the parameters at another address, the kernel is none: the first program stays, where it cannot be.
        let kernel = try #require(place.error(try changed(1, address, 0x110_0000)))
        #expect(kernel.code == .bootPayloadInHiddenMemory)
        #expect(kernel.detail.contains("the segment 0x40000 to 0x40"))
    }
}
