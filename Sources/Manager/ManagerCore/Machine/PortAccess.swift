import SICEABI

/// The I/O word of the save state at SMBASE + 0xFEC0: the port access at whose end the CPU took an SMI (AMD64 APM
/// volume 2, §10.2.4 and §10.2.6).
public struct PortAccess: Equatable, Sendable {
    /// 64 bits: with 32 the registers would be copied byte by byte in each world switch.
    private let word: UInt64

    private enum Bits {
        static let read: UInt64 = 1 << 0
        static let valid: UInt64 = 1 << 1
        static let string: UInt64 = 1 << 2
        static let repeated: UInt64 = 1 << 3
        static let size8: UInt64 = 1 << 4
        static let size16: UInt64 = 1 << 5
        static let size32: UInt64 = 1 << 6
        static let port: UInt64 = 16
    }

    public init(_ word: UInt32) { self.word = UInt64(word) }

    /// A byte written to the SMI port by OUT, as a request is. False too when the word says nothing.
    var isRequest: Bool {
        let wanted = Bits.valid | Bits.size8
        let looked = wanted | Bits.read | Bits.string | Bits.repeated | Bits.size16 | Bits.size32
        return word & looked == wanted && word >> Bits.port == UInt64(ABI.smiPort)
    }
}
