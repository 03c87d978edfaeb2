import GuestPolicy
import Testing

/// The debug registers that a guest sees (AMD64 APM volume 2, §13.1.1).
@Suite struct DebugShadowTests {
    @Test func addresses_holdWhatWasWritten() {
        var shadow = DebugShadow()
        for register in UInt8(0)..<4 {
            let value = UInt64(register) << 60 | 0xABC
            #expect(shadow.access(register, writing: value, hasExtensions: false) == .done)
            #expect(shadow.access(register, writing: nil, hasExtensions: true) == .value(value))
        }
    }

    @Test func control_hasItsFixedBits() {
        var shadow = DebugShadow()
        #expect(shadow.access(7, writing: nil, hasExtensions: false) == .value(0x400))
        #expect(shadow.access(7, writing: 0xFFFF_FFFF, hasExtensions: false) == .done)
        #expect(shadow.access(7, writing: nil, hasExtensions: false) == .value(0xFFFF_07FF))
        #expect(shadow.access(7, writing: 0, hasExtensions: false) == .done)
        #expect(shadow.access(7, writing: nil, hasExtensions: false) == .value(0x400))
    }

    @Test func status_isTheCPUs() {
        var shadow = DebugShadow()
        #expect(shadow.access(6, writing: nil, hasExtensions: false) == .status)
        #expect(shadow.access(6, writing: 0xFFFF_FFFF, hasExtensions: false) == .status)
        #expect(DebugShadow.status(writing: 0) == 0xFFFF_0FF0)
        #expect(DebugShadow.status(writing: 0xFFFF_FFFF) == 0xFFFF_EFFF)
    }

    @Test func upperHalves_mustBeZero() {
        var shadow = DebugShadow()
        for register: UInt8 in [4, 5, 6, 7] {
            #expect(shadow.access(register, writing: 1 << 32, hasExtensions: false) == .refused)
        }
        #expect(shadow.access(7, writing: nil, hasExtensions: false) == .value(0x400))
    }

    @Test func otherNames_existWithoutExtensionsOnly() {
        var shadow = DebugShadow()
        #expect(shadow.access(5, writing: 0x55, hasExtensions: false) == .done)
        #expect(shadow.access(7, writing: nil, hasExtensions: true) == .value(0x455))
        #expect(shadow.access(4, writing: nil, hasExtensions: false) == .status)
        for register: UInt8 in [4, 5] {
            #expect(shadow.access(register, writing: nil, hasExtensions: true) == .undefined)
        }
        for register in UInt8(8)..<16 {
            #expect(shadow.access(register, writing: 0, hasExtensions: false) == .undefined)
        }
    }
}
