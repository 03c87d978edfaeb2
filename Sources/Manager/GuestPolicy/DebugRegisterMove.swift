/// MOV between a general and a debug register, as 64-bit code has it (AMD64 APM volume 3, MOV DRn).
///
/// The CPU says that a guest stopped at one, and which debug register it names; which general register, and how long the
/// instruction is, only its bytes tell where there are no decode assists.
public struct DebugRegisterMove: Equatable, Sendable {
    /// An instruction has at most this many bytes (APM volume 3, §1.2).
    public static let maximumLength = 15

    /// Bytes, all prefixes included.
    public let length: Int
    /// From the general to the debug register.
    public let isWrite: Bool
    /// 0…15; a CPU has none beyond 7.
    public let debugRegister: UInt8
    /// Number of the general register, 0…15.
    public let generalRegister: UInt8

    /// Decodes the instruction that `bytes` begins with; nil when that is another one, or is not all there.
    public init?(_ bytes: Span<UInt8>) {
        let count = min(bytes.count, Self.maximumLength)
        var position = 0
        while position < count, Self.isLegacyPrefix(bytes[position]) { position &+= 1 }
        var rex: UInt8 = 0
        if position < count, bytes[position] & 0xF0 == 0x40 {
            rex = bytes[position]
            position &+= 1
        }
        guard position &+ 3 <= count, bytes[position] == 0x0F else { return nil }
        switch bytes[position &+ 1] {
        case 0x21: isWrite = false
        case 0x23: isWrite = true
        default: return nil
        }
        // The mode field counts as 3 whatever it says; there is no memory operand.
        let operands = bytes[position &+ 2]
        debugRegister = operands >> 3 & 7 | (rex & 4) << 1
        generalRegister = operands & 7 | (rex & 1) << 3
        length = position &+ 3
    }

    /// Operand and address size, segments, repeats. LOCK is none here: with it the instruction is undefined.
    private static func isLegacyPrefix(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x66, 0x67, 0xF2, 0xF3: true
        default: false
        }
    }
}
