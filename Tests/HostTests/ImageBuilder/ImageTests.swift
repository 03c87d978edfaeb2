import Diagnostics
import Foundation
import ImageBuilder
import IsolatedImage
import OpenSSLCrypto
import SICEABI
import Testing

@Suite struct ImageTests {
    private let directory = FileManager.default.temporaryDirectory.appending(
        path: "sice-\(UUID().uuidString)"
    ).path

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    private func image(_ change: (inout Manifest, inout ELFFixture) -> Void = { _, _ in }) throws -> [UInt8] {
        var manifest = try ManifestTests.manifest(ManifestTests.example)
        var fixture = ELFFixture()
        change(&manifest, &fixture)
        return try ImagePlan(ELFProgram(fixture.bytes), manifest).imageFile()
    }

    private func summary(_ image: [UInt8]) throws -> ImageSummary {
        try OutputFile.write(image, to: directory + "/image")
        return try ImageSummary(readingFile: directory + "/image")
    }

    private func code(_ image: [UInt8]) throws -> ErrorCode? {
        do {
            _ = try summary(image)
            return nil
        } catch { return (error as? ToolError)?.code }
    }

    @Test func build_isDeterministic() throws {
        #expect(try image() == image())
    }

    @Test func measurement_isHashOfFile() throws {
        let image = try image()
        #expect(try summary(image).measurement == SHA256.hash(image))
    }

    @Test func layout_hasGuardedStackAndTablesBelowProgram() throws {
        let summary = try summary(image())
        let stack = try #require(summary.regions.last)
        let program = summary.regions[summary.regions.count - 2]
        #expect(stack.end == summary.stackPointer)
        #expect(stack.pages == 16 && stack.contentPages == 0)
        #expect(stack.address - program.end == ABI.pageSize)
        #expect(summary.pageTableRoot == ImageLayout.addressFloor)
        #expect(summary.regions[0].end <= 0x200000)
        #expect(summary.regions.map(\.isExecutable) == [false, true, false, false, false])
        #expect(summary.regions.map(\.isWritable) == [true, false, false, true, true])
        #expect(summary.windows.map(\.pages) == [16])
    }

    /// Walks the tables as the CPU does.
    @Test func pageTables_mapEveryRegionToItself() throws {
        let file = try image()
        let summary = try summary(file)
        let base = summary.pageTableRoot
        func word(_ address: UInt64) -> UInt64 {
            let offset = Int(address - base) + ImageLayout.headerSize
            return (0..<8).reduce(0) { $0 | UInt64(file[offset + $1]) << (8 * UInt64($1)) }
        }
        func translate(_ address: UInt64) -> UInt64? {
            var table = base
            for level in [39, 30] as [UInt64] {
                let entry = word(table + (address >> level & 511) * 8)
                guard entry & 0x23 == 0x23 else { return nil }  // present, writable, accessed
                table = entry & ~0xFFF
            }
            let entry = word(table + (address >> 21 & 511) * 8)
            guard entry & 0xE3 == 0xE3 else { return nil }  // and dirty, 2 MiB
            return (entry & ~0x1F_FFFF) + address % (2 << 20)
        }
        for region in summary.regions + summary.windows {
            for page in 0..<region.pages {
                let address = region.address + page * ABI.pageSize
                #expect(translate(address) == address)
            }
        }
        #expect(translate(0x8000_0000) == nil)
    }

    @Test func debug_changesMeasurement() throws {
        let debug = try summary(image { manifest, _ in manifest.isDebug = true })
        #expect(debug.isDebug)
        #expect(try debug.measurement != summary(image()).measurement)
    }

    @Test func reject_windowInsideProgram() throws {
        let error = #expect(throws: ToolError.self) {
            try image { manifest, _ in manifest.windows[0].address = 0x201000 }
        }
        #expect(
            error
                == ToolError(
                    .imageRegionsOverlap,
                    "signer: window 0 at 0x0000201000 to 0x0000211000 overlaps "
                        + "region 2 at 0x0000201000 to 0x0000202000"))
    }

    @Test func reject_windowOnAnotherWindowOrTheStack() throws {
        let other = #expect(throws: ToolError.self) {
            try image { manifest, _ in
                manifest.windows.append(manifest.windows[0])
                manifest.windows[1].address += 0x1000
            }
        }
        #expect(
            other?.detail.contains("window 1 at 0x0040001000 to 0x0040011000 overlaps window 0 at ") == true)
        let stack = #expect(throws: ToolError.self) {
            try image { manifest, _ in manifest.windows[0].address = 0x206000 }
        }
        #expect(stack?.detail.contains("overlaps region 4 at ") == true)
    }

    @Test func reject_entryOutsideCode_namesBoth() throws {
        let error = #expect(throws: ToolError.self) { try image { _, fixture in fixture.entry = 0x202000 } }
        #expect(
            error
                == ToolError(
                    .imageBadEntry,
                    "signer: entry 0x0000202000 is in none of: region 1 at 0x0000200000 to 0x0000201000"))
    }

    @Test func reject_truncatedOversizedAndMalformedFiles() throws {
        let image = try image()
        #expect(try code(Array(image.dropLast())) == .imageTruncated)
        #expect(try code(Array(image[..<4096])) == .imageTruncated)
        #expect(try code(Array(image[..<100])) == .imageTruncated)
        #expect(try code([]) == .imageTruncated)
        #expect(try code(Array("hello".utf8)) == .imageBadMagic)
        #expect(try code(image + [0]) == .imageOversized)
        var other = image
        other[0] ^= 1
        #expect(try code(other) == .imageBadMagic)
    }

    @Test func difference_namesFieldRegionAndPage() throws {
        try OutputFile.write(image(), to: directory + "/a")
        try OutputFile.write(
            image { manifest, fixture in
                manifest.version = "1.1"
                fixture.segments[1].content[0] = 9
            }, to: directory + "/b")
        let difference = try ImageDifference(directory + "/a", directory + "/b")
        #expect(difference.fields.map(\.name) == ["version"])
        #expect(difference.pages.map(\.region) == [2])
        #expect(difference.pages.map(\.addresses) == [[0x201000]])
        #expect(try ImageDifference(directory + "/a", directory + "/a").isEmpty)
    }
}
