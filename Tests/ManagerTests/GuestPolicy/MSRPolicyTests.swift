import GuestPolicy
import Testing

@Suite struct MSRPolicyTests {
    private static let own: Set<UInt32> = [
        0x174, 0x175, 0x176, 0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0084, 0xC000_0100, 0xC000_0101,
        0xC000_0102,
    ]
    private static let readable: [UInt32: UInt64] = [
        0x8B: 0, 0xFE: 0, 0x179: 0, 0x1A0: 0, 0xC001_0015: 1 << 24, 0xC001_0140: 0, 0xC001_0141: 0,
    ]

    /// Every register of the three ranges that permission maps know, and some outside.
    private static let registers: [UInt32] =
        Array(0..<0x2000) + Array(0xC000_0000..<0xC000_2000) + Array(0xC001_0000..<0xC001_2000)
        + [0x2000, 0x4000_0000, 0x4B56_4D01, 0x8000_0000, 0xC000_2000, 0xC001_2000, .max]

    @Test func wholeTable() {
        for register in Self.registers {
            let rule = MSRPolicy.rule(register)
            if Self.own.contains(register) {
                #expect(rule == .own)
            } else if register == 0xC000_0080 {
                #expect(rule == .efer)
            } else if let value = Self.readable[register] {
                #expect(rule == .reads(value))
            } else {
                #expect(rule == .denied, "\(register)")
            }
        }
    }

    @Test func permissionMapPassesTheGuestsOwnOnly() {
        var map = [UInt8](repeating: 0, count: MSRPermissionMap.size)
        var span = map.mutableSpan
        MSRPermissionMap.store(into: &span)
        for (part, base) in [UInt32(0), 0xC000_0000, 0xC001_0000].enumerated() {
            for offset in 0..<UInt32(0x2000) {
                let bits = map[part * 2048 + Int(offset / 4)] >> UInt8(offset % 4 * 2) & 3
                #expect(bits == (Self.own.contains(base + offset) ? 0 : 3), "\(base + offset)")
            }
        }
        #expect(map[6144...].allSatisfy { $0 == 0xFF })
    }

    @Test func features_hideWhatVMRUNNeeds() {
        #expect(MSRPolicy.visibleEFER(0x1D01) == 0x0D01)
    }

    @Test(
        arguments: [
            (0x0D01, 0x1D01), (0x0500, 0x1500), (0x0901, 0x1D01), (0x0501, 0x1501),
            (0x1D01, nil), (0x0C01, nil), (0x4D01, nil), (0x2D01, nil), (0x8D01, nil), (1 << 63, nil),
            (0, nil),
            (1 << 20 | 0xD01, nil),
        ] as [(UInt64, UInt64?)])
    func features_writing(_ value: UInt64, _ result: UInt64?) {
        #expect(MSRPolicy.efer(0x1D01, writing: value) == result)
    }
}
