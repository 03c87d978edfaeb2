import GuestPolicy
import SICEABI
import Testing

@Suite struct ControllerShadowTests {
    /// Masks 0xFE and 0xBF, no end so far.
    private static let word = ControllerWord.valid | 0xBFFE

    @Test func noWordLeavesEverythingToTheHost() {
        for word: UInt64 in [0, 0xFFFF_FFFF, 1 << 33, UInt64.max & ~ControllerWord.valid] {
            var shadow = ControllerShadow(word)
            #expect(shadow.word == 0)
            for port: UInt64 in [0x20, 0x21, 0xA0, 0xA1] {
                #expect(shadow.read(port: port) == nil)
                for value: UInt8 in 0...255 { #expect(shadow.write(port: port, value: value) == false) }
            }
            #expect(shadow.word == 0)
        }
    }

    @Test func bitsBeyondTheWordAreDropped() {
        #expect(ControllerShadow(.max).word == ControllerWord.allBits)
    }

    @Test func masksReadAsTheyWereGivenOrWritten() {
        var shadow = ControllerShadow(Self.word)
        #expect(shadow.read(port: 0x21) == 0xFE && shadow.read(port: 0xA1) == 0xBF)
        for value: UInt8 in 0...255 {
            let isNoted = (shadow.write(port: 0x21, value: value), shadow.write(port: 0xA1, value: ~value))
            #expect(isNoted == (true, true))
            #expect(shadow.read(port: 0x21) == value && shadow.read(port: 0xA1) == ~value)
        }
        #expect(shadow.word == ControllerWord.valid | 0x00FF)
    }

    /// Every value at both command ports: only the eight specific ends stay here, and each changes its own bit.
    @Test func onlySpecificEndsAreNoted() {
        for (port, shift) in [(0x20, 16), (0xA0, 24)] as [(UInt64, UInt64)] {
            for value: UInt8 in 0...255 {
                var shadow = ControllerShadow(Self.word)
                let isNoted = shadow.write(port: port, value: value)
                #expect(isNoted == (0x60...0x67).contains(value))
                let bit = isNoted ? UInt64(1) << (shift + UInt64(value & 7)) : 0
                #expect(shadow.word == Self.word ^ bit)
                #expect(shadow.read(port: port) == nil, "request and service registers are the host's")
            }
        }
    }

    @Test func otherPortsAreTheHosts() {
        var shadow = ControllerShadow(Self.word)
        for port in UInt64(0)...0xFFFF where ![0x20, 0x21, 0xA0, 0xA1].contains(port) {
            #expect(shadow.read(port: port) == nil)
            #expect(shadow.write(port: port, value: 0x60) == false)
        }
        #expect(shadow.word == Self.word)
    }
}
