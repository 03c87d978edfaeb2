import Fixtures
import Foundation
import LZMA
import SICEABI
import Testing

/// The decoder against what cbfstool and xz make, and against what nobody should make.
struct LZMADecoderTests {
    /// What cbfstool made of ``content`` (LZMA, length in the header, one literal bit).
    private static let packed = [UInt8](
        Data(
            base64Encoded: """
                AQAQAAAQBAAAAAAAAAAAaTq4AiJ2TBsDxDEz4UnEAhNy+Vl0BTUJtnj8qEJng8/8zvm4zvOa9TOVpVNWr+MGSHuR5bDf\
                XbgDNvgWzsXnRdQ3ncH+1LFMLg8rj1qHTxfPkiXMoLs33O/tqD/HNX5lvkwKUgRy4JCHzJt3+Dfr5lb20J+SP+YtvbJ0\
                WJsO+ICceSj5dbMz2xQBpMHl4S6lwkD+fYWqgOdQJH4H9FHBo/hiA25U05gRSaEe9UTzcmU9hruzoWNlao0jDIglKcq6\
                azXIcEekv1GHXljHEgNUvXlKJwRLtjWr9fYicX+ZAhq+SMATp0HWuIGz9HZ7mVd/0gxTvAA=
                """)!)
    private static let contentSize = 1040

    private func expand(_ input: [UInt8], room: Int) throws -> [UInt8] {
        var output = [UInt8](repeating: 0xEE, count: room)
        var span = output.mutableSpan
        let count = try LZMADecoder.expand(input.span, into: &span)
        #expect(output[count...].allSatisfy { $0 == 0xEE })
        return Array(output[..<count])
    }

    @Test func expandWhatCBFSToolMakes() throws {
        let content = try expand(Self.packed, room: 2000)
        #expect(content.count == Self.contentSize)
        let start: [UInt8] = (0..<64).flatMap { (index: Int) -> [UInt8] in
            [UInt8(index), UInt8((index * index) >> 3 & 0xFF), 0, 0]
        }
        #expect(Array(content[..<256]) == start)
        let text = Array(String(repeating: "isolated environment ", count: 20).utf8)
        #expect(Array(content[256..<676]) == text)
        #expect(content[676..<976].allSatisfy { $0 == 0 })
    }

    @Test func expandIntoExactlyItsLength() throws {
        #expect(try expand(Self.packed, room: Self.contentSize).count == Self.contentSize)
    }

    @Test(arguments: [0, 1, 100, contentSize - 1]) func reject_moreThanTheMemoryHolds(_ room: Int) {
        #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(Self.packed, room: room) }
    }

    /// A header that lies about the length, in both directions, never reaches beyond the output.
    @Test func reject_lengthThatTheStreamDoesNotHave() {
        var long = Self.packed
        long[6] = 0x7F
        #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(long, room: 1 << 16) }
        for less in 1...16 {
            var short = Self.packed
            short[5] -= UInt8(less)  // 1040 is 0x410
            #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(short, room: 1 << 16) }
        }
        var unknown = Self.packed
        for index in 5..<13 { unknown[index] = 0xFF }
        #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(unknown, room: Self.contentSize) }
    }

    @Test func reject_everyTruncation() {
        for count in 0..<(Self.packed.count - 6) {
            #expect(throws: ErrorCode.bootPayloadDamaged) {
                try expand(Array(Self.packed[..<count]), room: 2000)
            }
        }
    }

    @Test(arguments: [225, 255, 4 + 9]) func reject_properties(_ properties: UInt8) {
        var input = Self.packed
        input[0] = properties
        #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(input, room: 2000) }
    }

    @Test func surviveEveryFlippedBit() {
        for index in Self.packed.indices {
            for bit in 0..<8 {
                var input = Self.packed
                input[index] ^= 1 << bit
                // Most flips are noticed; none may write outside, hang or trap.
                do { _ = try expand(input, room: 2000) } catch {
                    #expect(error as? ErrorCode == .bootPayloadDamaged)
                }
            }
        }
    }

    private static let xz = ["/usr/bin/xz", "/bin/xz"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        .enabled(if: xz != nil, "needs xz"),
        arguments: ["lc=3,lp=0,pb=2", "lc=0,lp=4,pb=4", "lc=4,lp=0,pb=0"])
    func expandWhatXZMakes(_ options: String) throws {
        var random = SeededRandom(seed: 3)
        var content: [UInt8] = []
        while content.count < 200_000 {
            // Runs, repetitions from near and far, and noise.
            let length = Int.random(in: 1...300, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: content += [UInt8](repeating: UInt8.random(in: 0...255, using: &random), count: length)
            case 1 where content.count > length:
                let start = Int.random(in: 0...(content.count - length), using: &random)
                content += content[start..<(start + length)]
            default: for _ in 0..<length { content.append(UInt8.random(in: 0...255, using: &random)) }
            }
        }
        let file = FileManager.default.temporaryDirectory.appending(path: "lzma-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(content).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: try #require(Self.xz))
        process.arguments = ["--format=lzma", "--lzma1=\(options)", "--stdout", file.path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        var packed = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        #expect(try expand(packed, room: content.count) == content)
        #expect(throws: ErrorCode.bootPayloadDamaged) { try expand(packed, room: content.count - 1) }
        // xz writes an end mark in place of the length; the format allows both.
        packed.replaceSubrange(
            5..<13, with: (0..<8).map { UInt8(truncatingIfNeeded: content.count >> ($0 * 8)) })
        #expect(try expand(packed, room: content.count) == content)
    }
}
