public import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Where a service listens: a numeric IPv4 or IPv6 address and a port. Names are not looked up.
public struct ListeningAddress: Sendable, CustomStringConvertible {
    private let address: String
    public let port: UInt16
    private let place: SocketAddress

    /// Port 0 is any that is free. Throws `usage`.
    public init(_ address: String, port: UInt16) throws(ToolError) {
        guard let place = SocketAddress(numeric: address, port: port) else {
            throw ToolError(.usage, "\(address) is no IPv4 or IPv6 address")
        }
        (self.address, self.port, self.place) = (address, port, place)
    }

    public var description: String { place.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// The same address with the port that was given.
    func withPort(_ port: UInt16) throws(ToolError) -> ListeningAddress {
        try ListeningAddress(address, port: port)
    }

    /// Opens a socket that listens there and waits for nobody. Throws `portInUse`, `permissionDenied`, `invalidArgument` for
    /// an address that is not this machine's.
    func listen() throws(ToolError) -> OpenFile {
        do throws(Errno) {
            let file = try OpenFile(socketFor: place, waits: false)
            try file.setAddressReuse()
            try file.bind(to: place)
            try file.listen(SOMAXCONN)
            return file
        } catch { throw refusal(error) }
    }

    private func refusal(_ error: Errno) -> ToolError {
        let code: ErrorCode =
            switch error {
            case .addressInUse: .portInUse
            case .permissionDenied, .notPermitted: .permissionDenied
            case .addressNotAvailable, .addressFamilyNotSupported: .invalidArgument
            default: .serviceFailed
            }
        return ToolError(code, "\(self): \(error)")
    }
}
