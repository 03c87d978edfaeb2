import CorebootFormats
import Foundation
import SHA2
import SICEABI
import Testing

/// The PCRs that the machine reports equal those computed from the ROM's bytes.
@Suite(.enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct MeasurementTests {
    private static let flashMapSize = 0x1000

    @Test func equal_PCRsComputedFromTheROM() throws {
        let rom = try Artefacts.standardROM.get()
        let bytes = [UInt8](try Data(contentsOf: rom))
        let probe = try Probe("pcrs", rom: rom)
        #expect(probe.status == Probe.allHeld, "\(probe.console)")
        let map = Array(bytes.prefix(Self.flashMapSize))
        #expect(probe.digests["pcr.0"] == String(repeating: "0", count: 64))
        let firmware = try [map, file("bootblock", in: bytes), file("fallback/payload", in: bytes)]
        #expect(probe.digests["pcr.2"] == replay(firmware))
        let code = try [file("sice/manager", in: bytes), file("sice/next", in: bytes)]
        #expect(probe.digests["pcr.4"] == replay(code))
        // The report key is new on every boot, so PCR 5 is only known to have been extended.
        let configuration = try #require(probe.digests["pcr.5"])
        #expect(configuration.count == 64 && configuration.contains { $0 != "0" })
    }

    @Test func differ_whenOneBitOfTheManagerDiffers() throws {
        let bytes = [UInt8](try Data(contentsOf: try Artefacts.standardROM.get()))
        var manager = try Data(contentsOf: Artefacts.product("manager.bin"))
        manager[manager.count - 1] ^= 1
        let changedManager = Artefacts.temporary.appending(path: "changed-manager")
        try manager.write(to: changedManager)
        let rom = try Artefacts.assemble([
            "--manager", changedManager.path, "--next", Artefacts.product("probe.elf").path,
        ])
        let changed = [UInt8](try Data(contentsOf: rom))
        let probe = try Probe("pcrs", rom: rom)
        let expected = try [file("sice/manager", in: changed), file("sice/next", in: changed)]
        #expect(probe.digests["pcr.4"] == replay(expected))
        #expect(
            try replay(expected) != replay([file("sice/manager", in: bytes), file("sice/next", in: bytes)]))
    }

    @Test func measure_theBootWorkloadBetweenManagerAndNext() throws {
        let image = Artefacts.product("workloads/signer.image")
        let rom = try Artefacts.assemble(Artefacts.standardOptions + ["--workload", image.path])
        let bytes = [UInt8](try Data(contentsOf: rom))
        let probe = try Probe("pcrs", rom: rom)
        #expect(probe.console.contains("sice: boot workload, pages: "), "\(probe.console)")
        let workload = [UInt8](try Data(contentsOf: image))
        let code = try [file("sice/manager", in: bytes), workload, file("sice/next", in: bytes)]
        #expect(probe.digests["pcr.4"] == replay(code))
    }

    @Test func reject_bootWorkloadThatIsNoImage() throws {
        let file = Artefacts.temporary.appending(path: "no-image")
        try Data(repeating: 0x5A, count: 8192).write(to: file)
        let rom = try Artefacts.assemble(Artefacts.standardOptions + ["--workload", file.path])
        let probe = try Probe("info", rom: rom)
        #expect(probe.console.contains("sice: SICE-E0302: "), "\(probe.console)")
        #expect(probe.status == Probe.bootStopped)
    }

    @Test func assemble_theSameBytesTwice() throws {
        let first = try Data(contentsOf: try Artefacts.assemble())
        let second = try Data(contentsOf: try Artefacts.assemble())
        #expect(first == second)
    }

    /// The value of a PCR after these things were measured into it, in hexadecimal.
    func replay(_ measured: [[UInt8]]) -> String {
        var value = [UInt8](repeating: 0, count: 32)
        for contents in measured { value = hash(value + hash(contents)) }
        return value.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] {
        let digest = SHA256.hash(bytes.span)
        return (0..<32).map { digest[$0] }
    }

    private func file(_ name: String, in rom: [UInt8]) throws -> [UInt8] {
        Array(rom[try Self.location(name, in: rom)])
    }

    static func location(_ name: String, in rom: [UInt8]) throws -> Range<Int> {
        let area = try FlashMap.find(Array("COREBOOT".utf8).span, in: rom.span)
        let start = Int(area.offset)
        let files = rom.span.extracting(start..<(start + Int(area.size)))
        guard let file = try CBFSWalker.find(Array(name.utf8).span, in: files) else {
            throw HarnessError.unreadable(name)
        }
        return (start + file.dataOffset)..<(start + file.dataOffset + file.dataSize)
    }
}
