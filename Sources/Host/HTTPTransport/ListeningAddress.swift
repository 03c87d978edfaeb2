public import Diagnostics
internal import Glibc
internal import SICEABI

/// Where a service listens: a numeric IPv4 or IPv6 address and a port. Names are not looked up.
public struct ListeningAddress: Sendable, CustomStringConvertible {
    private let address: String
    public let port: UInt16
    private let isIPv6: Bool

    /// Port 0 is any that is free. Throws `usage`.
    public init(_ address: String, port: UInt16) throws(ToolError) {
        (self.address, self.port) = (address, port)
        var (short, long) = (in_addr(), in6_addr())
        isIPv6 = unsafe inet_pton(AF_INET6, address, &long) == 1
        guard unsafe isIPv6 || inet_pton(AF_INET, address, &short) == 1 else {
            throw ToolError(.usage, "\(address) is no IPv4 or IPv6 address")
        }
    }

    public var description: String { isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)" }

    /// The same address with the port that was given.
    func withPort(_ port: UInt16) throws(ToolError) -> ListeningAddress {
        try ListeningAddress(address, port: port)
    }

    /// Opens a socket that listens there and waits for nobody. Throws `portInUse`, `permissionDenied`, `invalidArgument` for
    /// an address that is not this machine's.
    func listen() throws(ToolError) -> Int32 {
        let file = socket(isIPv6 ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue) | FileFlags.socket, 0)
        var one: Int32 = 1
        guard file >= 0,
            unsafe setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size)) == 0,
            isIPv6 ? bindIPv6(file) : bindIPv4(file), Glibc.listen(file, SOMAXCONN) == 0
        else {
            let error = failure(errno)
            if file >= 0 { close(file) }
            throw error
        }
        return file
    }

    private func bindIPv4(_ file: Int32) -> Bool {
        var socketAddress = sockaddr_in()
        socketAddress.sin_family = sa_family_t(AF_INET)
        socketAddress.sin_port = port.bigEndian
        unsafe inet_pton(AF_INET, address, &socketAddress.sin_addr)
        return bind(file, &socketAddress)
    }

    private func bindIPv6(_ file: Int32) -> Bool {
        var socketAddress = sockaddr_in6()
        socketAddress.sin6_family = sa_family_t(AF_INET6)
        socketAddress.sin6_port = port.bigEndian
        unsafe inet_pton(AF_INET6, address, &socketAddress.sin6_addr)
        return bind(file, &socketAddress)
    }

    /// `socketAddress` is the address of either family.
    private func bind<Address>(_ file: Int32, _ socketAddress: inout Address) -> Bool {
        unsafe withUnsafePointer(to: &socketAddress) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.bind(file, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }

    private func failure(_ number: Int32) -> ToolError {
        let code: ErrorCode =
            switch number {
            case EADDRINUSE: .portInUse
            case EACCES, EPERM: .permissionDenied
            case EADDRNOTAVAIL, EAFNOSUPPORT: .invalidArgument
            default: .serviceFailed
            }
        return ToolError(code, "\(self): \(String(systemError: number))")
    }
}

/// Flags of files that wait for nobody and that no other program inherits.
enum FileFlags {
    static let socket = Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)

    /// Sets them on a file that has none.
    static func set(_ file: Int32) {
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
    }
}
