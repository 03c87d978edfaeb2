import Diagnostics
import Fixtures
import Foundation
import ImageBuilder
import IsolatedImage
import OpenSSLCrypto
import SICEABI
import Testing

@Suite struct LinuxGuestTests {
    private static let initrd = Array("070701".utf8) + [UInt8](repeating: 5, count: 5000)

    private func guest(_ change: (inout LinuxGuest) -> Void = { _ in }) -> LinuxGuest {
        var guest = LinuxGuest(
            name: "linux", kernel: SampleKernel().bytes, initrd: Self.initrd, commandLine: "console=ttyS0",
            memory: 32)
        change(&guest)
        return guest
    }

    private func code(_ change: (inout LinuxGuest) -> Void) -> ErrorCode? {
        do throws(ToolError) {
            _ = try guest(change).imageFile()
            return nil
        } catch { return error.code }
    }

    private func summary(_ image: [UInt8]) throws -> ImageSummary {
        let file = FileManager.default.temporaryDirectory.appending(path: "sice-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        try OutputFile.write(image, to: file)
        return try ImageSummary(readingFile: file)
    }

    /// Bytes of guest memory that the file holds.
    private func memory(_ image: [UInt8], _ address: UInt64, _ count: Int) throws -> [UInt8] {
        var offset = UInt64(ImageLayout.headerSize)
        for region in try summary(image).regions {
            if region.contains(address) {
                let start = Int(offset + address - region.address)
                return Array(image[start..<start + count])
            }
            offset += region.contentPages * ABI.pageSize
        }
        return []
    }

    @Test func build_isDeterministicAndMeasuresEveryInput() throws {
        let image = try guest().imageFile()
        #expect(try guest().imageFile() == image)
        #expect(try summary(image).measurement == SHA256.hash(image))
        let others: [(inout LinuxGuest) -> Void] = [
            { $0.commandLine += " quiet" }, { $0.initrd[100] ^= 1 }, { $0.kernel[0x400] ^= 1 },
            { $0.memory = 33 }, { $0.name = "other" }, { $0.version = "1" }, { $0.isDebug = true },
        ]
        for change in others { #expect(try guest(change).imageFile() != image) }
    }

    @Test func layout_isTheBootProtocols() throws {
        let image = try guest().imageFile()
        let summary = try summary(image)
        #expect(summary.kind == .linuxGuest)
        #expect(summary.entry == 0x100_0200)
        #expect(summary.regions.map(\.address) == [0, 0xC_0000, 0x10_0000, 0x100_0000, 0x1FF_E000])
        #expect(summary.regions.last?.end == 32 << 20)
        #expect(try memory(image, 0x100_0000, 1024) == (0..<1024).map(SampleKernel.content))
        #expect(try memory(image, 0x1FF_E000, Self.initrd.count) == Self.initrd)
        let parameters = try memory(image, summary.bootParameters, 4096)
        #expect(parameters[0x228..<0x22C] == [0, 0x30, 0, 0])
        #expect(parameters[0x218..<0x21C] == [0, 0xE0, 0xFF, 0x01])
        #expect(try memory(image, 0x3000, 14) == Array("console=ttyS0".utf8) + [0])
        let table = try memory(image, ImageLayout.linuxDescriptorTable, 32)
        #expect(table[16..<24] == [0xFF, 0xFF, 0, 0, 0, 0x9B, 0xAF, 0])
        #expect(table[24..<32] == [0xFF, 0xFF, 0, 0, 0, 0x93, 0xCF, 0])
    }

    /// Every byte of memory is mapped to itself, by tables whose accessed and dirty bits are set.
    @Test func pageTables_mapMemoryToItself() throws {
        let image = try guest { $0.memory = 1024 }.imageFile()
        let root = try summary(image).pageTableRoot
        func entry(_ table: UInt64, _ index: UInt64) throws -> UInt64 {
            try memory(image, table + index * 8, 8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        for address in [0, 0x2000, 0x100_0200, (1 << 30) - 1] as [UInt64] {
            let pointer = try entry(root, 0)
            let directory = try entry(pointer & ~0xFFF, address >> 30)
            let page = try entry(directory & ~0xFFF, address >> 21 & 511)
            #expect(page == address & ~0x1F_FFFF | 0xE3)
        }
    }

    @Test func window_becomesPartOfTheImage() throws {
        let image = try guest { $0.windows = [try! Manifest.Window(option: "1MiB@0xE0000000", index: 0)] }
            .imageFile()
        let window = try #require(try summary(image).windows.first)
        #expect(window.address == 0xE000_0000 && window.pages == 256 && window.isWritable)
        #expect(
            code { $0.windows = [try! Manifest.Window(option: "4KiB@0x1000000", index: 0)] }
                == .imageRegionsOverlap)
    }

    @Test(arguments: ["1MiB", "1MiB@", "@0x1000", "1MiB@0x1000@2", "3@0x1000", "1MiB@0x1001"])
    func reject_windowOption(_ text: String) {
        let error = #expect(throws: ToolError.self) { try Manifest.Window(option: text, index: 0) }
        #expect(error?.code == .manifestOutOfRange)
    }

    @Test func reject_badInput() {
        #expect(code { $0.kernel[0x202] ^= 1 } == .notALinuxKernel)
        #expect(code { $0.kernel.removeLast(4) } == .linuxKernelTruncated)
        #expect(code { $0.kernel = Array("hello".utf8) } == .notALinuxKernel)
        #expect(code { $0.kernel[0x236] = 0 } == .linuxKernelUnsupported)
        #expect(code { $0.initrd = [] } == .linuxInitrdUnusable)
        #expect(code { $0.initrd = $0.kernel } == .linuxInitrdUnusable)
        #expect(code { $0.name = String(repeating: "n", count: 32) } == .imageBadName)
        #expect(code { $0.name = "" } == .imageBadName)
    }

    @Test func reject_commandLine() {
        #expect(code { $0.commandLine = String(repeating: "a", count: 255) } == nil)
        #expect(code { $0.commandLine = String(repeating: "a", count: 256) } == .linuxCommandLineUnusable)
        #expect(code { $0.commandLine = "a\nb" } == .linuxCommandLineUnusable)
        #expect(code { $0.commandLine = "a\0b" } == .linuxCommandLineUnusable)
    }

    @Test func reject_memoryTooSmall() {
        // The kernel wants 2 MiB and data of its own; the archive is there twice while it is unpacked.
        #expect(code { $0.initrd += [UInt8](repeating: 0, count: 6 << 20) } == nil)
        #expect(
            code { $0.initrd += [UInt8](repeating: 0, count: 7 << 20) } == .linuxMemoryTooSmall)
        var kernel = SampleKernel()
        kernel.initialSize = .max
        let error = #expect(throws: ToolError.self) { try guest { $0.kernel = kernel.bytes }.imageFile() }
        #expect(error?.code == .linuxMemoryTooSmall)
        #expect(error?.detail.hasSuffix("; no guest has more than 1016: make the disk smaller") == true)
    }

    /// The memory in MiB that the refusal of a guest names as needed.
    private func memoryNamed(_ kernel: SampleKernel, _ initrd: [UInt8]) throws -> Int {
        let error = #expect(throws: ToolError.self) {
            try guest {
                $0.kernel = kernel.bytes
                $0.initrd = initrd
            }.imageFile()
        }
        let words = try #require(error?.detail.split(separator: " "))
        return try #require(words.count > 2 ? Int(words[2]) : nil)
    }

    /// The number that the message names is one that works, whatever the guest is made of.
    @Test(arguments: [0, 3, 40, 200]) func memoryThatTheMessageNames_isEnough(_ mebibytes: Int) throws {
        let initrd = Self.initrd + [UInt8](repeating: 0, count: mebibytes << 20)
        var kernel = SampleKernel()
        kernel.initialSize = 48 << 20
        let named = try memoryNamed(kernel, initrd)
        // Kernel, both forms of the initial RAM disk, and what the kernel takes before it unpacks.
        #expect(named >= 48 + 2 * mebibytes + 16)
        let accepted = code {
            $0.kernel = kernel.bytes
            $0.initrd = initrd
            $0.memory = named
        }
        #expect(accepted == nil)
    }

    /// What an archive becomes: itself, what gzip's trailer says, or what follows it.
    @Test func unpackedSize_isPartOfWhatIsNeeded() throws {
        func needed(_ initrd: [UInt8]) throws -> Int {
            var kernel = SampleKernel()
            kernel.initialSize = 40 << 20
            return try memoryNamed(kernel, initrd)
        }
        func compressed(_ mebibytes: Int) -> [UInt8] {
            let size = UInt32(mebibytes << 20)
            return [0x1F, 0x8B] + [UInt8](repeating: 8, count: 1000)
                + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
        }
        let small = try needed(compressed(1))
        #expect(try needed(compressed(33)) == small + 33)
        #expect(try needed([0x1F, 0x8B] + [UInt8](repeating: 0, count: 1000)) == small - 1)
        // Microcode first, not compressed, then zeros, then the rest.
        let header = "070701" + String(repeating: "0", count: 88) + "0000000B" + "00000000"
        let trailer = Array(header.utf8) + Array("TRAILER!!!\0".utf8) + [0, 0, 0]
        #expect(try needed(trailer + [UInt8](repeating: 0, count: 400) + compressed(33)) == small + 33)
    }
}
