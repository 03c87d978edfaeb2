public import Diagnostics
internal import SICEABI
public import WindowNetwork

extension NetworkSettings {
    /// The network of an environment when nobody says another: 10.83.SLOT.0/30, the host .1, the guest .2.
    public static func standard(for environment: UInt32) -> String {
        "10.83.\(Int(environment) % ABI.maximumEnvironments).1/30"
    }

    /// `ADDRESS/PREFIX`, the host's address; the guest has the next one, or the one before where that is none of a host.
    /// Throws `invalidArgument`.
    public init(text: String) throws(ToolError) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let host = Self.address(parts[0]), let prefix = UInt32(parts[1]) else {
            throw ToolError(.invalidArgument, "\(text) is not ADDRESS/PREFIX")
        }
        for guest in [host &+ 1, host &- 1] {
            let settings = try? NetworkSettings(hostAddress: host, guestAddress: guest, prefixLength: prefix)
            guard let settings else { continue }
            self = settings
            return
        }
        throw ToolError(.invalidArgument, "\(text) has no room for two hosts")
    }

    private static func address(_ text: Substring) -> UInt32? {
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard numbers.count == 4 else { return nil }
        var address: UInt32 = 0
        for number in numbers {
            guard let number else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }
}
