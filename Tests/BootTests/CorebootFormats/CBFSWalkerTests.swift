import CorebootFormats
import SICEABI
import Testing

@Suite struct CBFSWalkerTests {
    private func sample() -> [UInt8] {
        var image = SampleFileSystem()
        image.add("cbfs master header", type: 2, [1, 2, 3])
        image.add("fallback/payload", type: CBFSType.payload, [UInt8](repeating: 7, count: 100))
        image.add("", type: CBFSType.empty, [UInt8](repeating: 0xFF, count: 200))
        image.add("old", type: CBFSType.deleted, [9])
        image.add("sice/manager", compression: 0, [4, 5, 6, 7])
        image.addSpace(640)
        image.add("sice/packed", compression: 1, [8])
        image.addSpace(64)
        return image.bytes
    }

    private func find(_ name: String, in image: [UInt8]) throws(ErrorCode) -> CBFSFile? {
        let bytes = Array(name.utf8)
        return try CBFSWalker.find(bytes.span, in: image.span)
    }

    @Test func findsFilesBehindGaps() throws {
        let image = sample()
        let manager = try #require(try find("sice/manager", in: image))
        #expect(Array(image[manager.dataOffset..<(manager.dataOffset + manager.dataSize)]) == [4, 5, 6, 7])
        #expect(manager.type == CBFSType.raw)
        #expect(!manager.isCompressed)
        #expect(try find("sice/packed", in: image)?.isCompressed == true)
    }

    @Test func findsTheDigestThatAFileCarries() throws {
        let digest = (0..<32).map { UInt8($0) }
        var image = SampleFileSystem()
        image.add("plain", [1])
        image.add("sealed", compression: 0, digest: digest, [1, 2])
        let offset = try #require(try find("sealed", in: image.bytes)?.digestOffset)
        #expect(Array(image.bytes[offset..<(offset + 32)]) == digest)
        #expect(try find("plain", in: image.bytes)?.digestOffset == nil)
        var other = image.bytes
        other[offset - 1] = 1  // SHA-1
        #expect(try find("sealed", in: other)?.digestOffset == nil)
    }

    @Test func reject_filesThatOverlap() throws {
        var image = SampleFileSystem()
        image.add("first", [1])
        image.add("second", [UInt8](repeating: 2, count: 200))
        var bytes = image.bytes
        bytes[11] = 100  // the first file ends inside the second
        #expect(throws: ErrorCode.bootBadCBFS) { try find("second", in: bytes) }
    }

    @Test func reject_remainsOfAHeader() throws {
        var image = SampleFileSystem()
        image.add("first", [1])
        image.add("second", [2])
        var bytes = image.bytes
        bytes[64] ^= 1
        #expect(throws: ErrorCode.bootBadCBFS) { try find("second", in: bytes) }
        #expect(try find("first", in: bytes) != nil)
    }

    @Test(arguments: [1, 63, 64, 200]) func reject_bytesBehindTheLastFile(distance: Int) throws {
        var image = SampleFileSystem()
        image.add("first", [UInt8](repeating: 1, count: 32))  // ends on a boundary
        image.addSpace(distance)
        #expect(try find("nothing", in: image.bytes) == nil)
        var bytes = image.bytes
        bytes[bytes.count - 1] = 0
        #expect(throws: ErrorCode.bootBadCBFS) { try find("nothing", in: bytes) }
    }

    @Test(arguments: ["old", "", "sice/manage", "sice/manager2", "nothing"])
    func findsOnlyWholeNamesOfLiveFiles(name: String) throws {
        #expect(try find(name, in: sample()) == nil)
    }

    @Test func firstOfTwoFilesWins() throws {
        var image = SampleFileSystem()
        image.add("twice", [1])
        image.add("twice", [2, 2])
        #expect(try find("twice", in: image.bytes)?.dataSize == 1)
    }

    /// Offset in the header, and a value that does not fit.
    @Test(arguments: [
        (8, 0x7FFF_FFFF), (8, 5), (8, 0xFFFF_FFFF), (16, 23), (16, 0x1000), (20, 23), (20, 0xFFFF_FFFF),
        (20, 24),
    ])
    func reject_headerField(offset: Int, value: UInt32) {
        var image = SampleFileSystem()
        image.add("file", [1, 2, 3, 4])
        var bytes = image.bytes
        bytes.replaceSubrange(offset..<(offset + 4), with: word(value))
        #expect(throws: ErrorCode.bootBadCBFS) { try find("other", in: bytes) }
    }

    @Test func reject_nameWithoutEnd() {
        var image = SampleFileSystem()
        image.add("file", [1, 2, 3, 4])
        var bytes = image.bytes
        for index in 24..<32 { bytes[index] = 0x41 }
        #expect(throws: ErrorCode.bootBadCBFS) { try find("other", in: bytes) }
    }

    @Test(arguments: [0, 7, 17, 0xFFFF_FFF0] as [UInt32])
    func reject_attributeLength(length: UInt32) {
        var image = SampleFileSystem()
        image.add("file", compression: 0, [1])
        var bytes = image.bytes
        bytes.replaceSubrange(36..<40, with: word(length))
        #expect(throws: ErrorCode.bootBadCBFS) { try find("other", in: bytes) }
    }

    @Test func truncationNeverTraps() throws {
        let image = sample()
        for count in 0..<image.count {
            do {
                _ = try find("nothing", in: Array(image[..<count]))
            } catch {
                #expect(error == .bootBadCBFS)
            }
        }
    }

    @Test func randomBytesNeverTrap() {
        let image = sample()
        for _ in 0..<3000 {
            var broken = image
            for _ in 0..<3 { broken[Int.random(in: 0..<broken.count)] = UInt8.random(in: 0...255) }
            do { _ = try find("sice/packed", in: broken) } catch { #expect(error == .bootBadCBFS) }
        }
    }
}
