/// The debug registers that a Linux guest believes to have (AMD64 APM volume 2, §13.1.1). They hold what it writes, and
/// reach no hardware: its breakpoints never strike, there or anywhere else. DR6 is not here: the CPU sets it when it steps.
public struct DebugShadow: Sendable {
    private var addresses = InlineArray<4, UInt64>(repeating: 0)
    private var control = Self.controlOnes

    /// What an access does.
    public enum Outcome: Equatable, Sendable {
        /// A read gives this value.
        case value(UInt64)
        /// A write is done.
        case done
        /// It is about DR6.
        case status
        /// #UD: there is no such register.
        case undefined
        /// #GP(0): the upper half of DR6 or DR7 must be 0.
        case refused
    }

    private static let controlOnes: UInt64 = 1 << 10
    /// Enable bits, types and lengths. General detect (bit 13) is none of them: there is nothing to detect.
    private static let controlBits: UInt64 = 0xFFFF_03FF
    private static let statusOnes: UInt64 = 0xFFFF_0FF0
    private static let statusBits: UInt64 = 0xE00F

    public init() {}

    /// DR6 after a guest wrote `value`.
    public static func status(writing value: UInt64) -> UInt64 { value & statusBits | statusOnes }

    /// Reads a register, or writes `written`. `hasExtensions` is the guest's CR4.DE: without it DR4 and DR5 are other
    /// names of DR6 and DR7.
    public mutating func access(
        _ register: UInt8, writing written: UInt64?, hasExtensions: Bool
    ) -> Outcome {
        switch register {
        case 0...3: return address(Int(register), writing: written)
        case 4, 5:
            guard !hasExtensions else { return .undefined }
            return access(register &+ 2, writing: written, hasExtensions: true)
        case 6, 7:
            if let written, written >> 32 != 0 { return .refused }
            guard register == 7 else { return .status }
            guard let written else { return .value(control) }
            control = written & Self.controlBits | Self.controlOnes
            return .done
        default: return .undefined
        }
    }

    private mutating func address(_ index: Int, writing written: UInt64?) -> Outcome {
        guard let written else { return .value(addresses[index]) }
        addresses[index] = written
        return .done
    }
}
