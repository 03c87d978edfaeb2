import GuestPolicy
import Testing

/// MOV to and from debug registers, as assemblers write them and as an attacker might.
@Suite struct DebugRegisterMoveTests {
    struct Encoding: Sendable {
        let bytes: [UInt8]
        let length: Int
        let isWrite: Bool
        let debug: UInt8
        let general: UInt8
    }

    static let encodings = [
        Encoding(bytes: [0x0F, 0x23, 0xF8], length: 3, isWrite: true, debug: 7, general: 0),
        Encoding(bytes: [0x0F, 0x21, 0xF0, 0x90], length: 3, isWrite: false, debug: 6, general: 0),
        Encoding(bytes: [0x0F, 0x23, 0xC3], length: 3, isWrite: true, debug: 0, general: 3),
        // mov %r15, %dr3; mov %dr1, %r8
        Encoding(bytes: [0x41, 0x0F, 0x23, 0xDF], length: 4, isWrite: true, debug: 3, general: 15),
        Encoding(bytes: [0x41, 0x0F, 0x21, 0xC8], length: 4, isWrite: false, debug: 1, general: 8),
        // REX.R names registers that do not exist; REX.W and REX.X mean nothing.
        Encoding(bytes: [0x4E, 0x0F, 0x23, 0xFC], length: 4, isWrite: true, debug: 15, general: 4),
        // The mode field is ignored.
        Encoding(bytes: [0x0F, 0x23, 0x3D], length: 3, isWrite: true, debug: 7, general: 5),
        // Prefixes that change nothing; a REX before another prefix is void.
        Encoding(
            bytes: [0x66, 0x2E, 0xF3, 0x0F, 0x21, 0xC1], length: 6, isWrite: false, debug: 0, general: 1),
        Encoding(
            bytes: [UInt8](repeating: 0x67, count: 12) + [0x0F, 0x23, 0xC0], length: 15, isWrite: true,
            debug: 0, general: 0),
    ]

    @Test(arguments: encodings) func decodes(_ encoding: Encoding) throws {
        let decoded = DebugRegisterMove(encoding.bytes.span)
        let move = try #require(decoded)
        #expect(move.length == encoding.length && move.isWrite == encoding.isWrite)
        #expect(move.debugRegister == encoding.debug && move.generalRegister == encoding.general)
    }

    @Test(
        arguments: [
            [], [0x0F], [0x0F, 0x23], [0x41, 0x0F, 0x21], [0x0F, 0x22, 0xC0], [0x0F, 0x20, 0xC0],
            [0xF0, 0x0F, 0x23, 0xC0], [0x41, 0x41, 0x0F, 0x23, 0xC0], [0x41, 0x66, 0x0F, 0x23, 0xC0], [0x90],
            // 16 bytes: more than an instruction may have.
            [UInt8](repeating: 0x66, count: 13) + [0x0F, 0x23, 0xC0],
        ] as [[UInt8]])
    func reject_whatIsNone(_ bytes: [UInt8]) {
        let decoded = DebugRegisterMove(bytes.span)
        #expect(decoded == nil)
    }
}
