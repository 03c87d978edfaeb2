import Diagnostics
import LegacyHost
import SICEABI
import Testing
import WindowNetwork

/// `sice run --network --address`.
@Suite struct NetworkSettingsTests {
    @Test func standard_isANetworkOfItsOwnForEachSlot() throws {
        let settings = try NetworkSettings(text: NetworkSettings.standard(for: 258))
        #expect(settings.hostAddress == 0x0A53_0201 && settings.guestAddress == 0x0A53_0202)
        #expect(settings.prefixLength == 30)
        let all = Set((256..<272).map { NetworkSettings.standard(for: $0) })
        #expect(all.count == ABI.maximumEnvironments)
    }

    /// The guest has the next address, or the one before where the next is everybody's.
    @Test(
        arguments: [
            ("192.168.7.1/24", 0xC0A8_0702), ("192.168.7.254/24", 0xC0A8_07FD), ("10.0.0.2/30", 0x0A00_0001),
        ] as [(String, UInt32)])
    func guest_isBesideTheHost(_ text: String, _ guest: UInt32) throws {
        #expect(try NetworkSettings(text: text).guestAddress == guest)
    }

    @Test(arguments: [
        "", "10.0.0.1", "10.0.0.1/", "10.0.0.1/31", "10.0.0.1/0", "10.0.0/24", "10.0.0.1.2/24",
        "10.0.0.256/24",
        "10.0.0.-1/24", "10.0.0.0/24", "10.0.0.255/24", "10.0.0.1/24/1", "a.0.0.1/24", "10..0.1/24",
    ])
    func reject_text(_ text: String) {
        let error = #expect(throws: ToolError.self) { try NetworkSettings(text: text) }
        #expect(error?.code == .invalidArgument)
    }
}
