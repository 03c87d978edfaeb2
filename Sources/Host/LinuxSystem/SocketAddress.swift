internal import CLinux
internal import Glibc

/// The address of a socket, as the system has it (`sockaddr`).
public struct SocketAddress: Equatable, Sendable {
    /// A `sockaddr` of its family.
    let bytes: [UInt8]

    /// Of any family; nil when it is too short to name one.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count >= MemoryLayout<sa_family_t>.size else { return nil }
        self.bytes = bytes
    }

    /// In the file system (unix(7)); nil when the path is too long for one.
    public init?(path: String) {
        let (path, room) = (Array(path.utf8), MemoryLayout<sockaddr_un>.size - 2)
        guard path.count < room else { return nil }
        bytes = Self.family(AF_UNIX) + path + [UInt8](repeating: 0, count: room - path.count)
    }

    /// A port of the loopback interface (ip(7)).
    public init(loopbackPort port: UInt16) {
        let port = [UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        bytes = Self.family(AF_INET) + port + [127, 0, 0, 1] + [UInt8](repeating: 0, count: 8)
    }

    /// Of IPv6 or IPv4, as numbers alone (inet_pton(3)); nil for any other text, a name too.
    public init?(numeric text: String, port: UInt16) {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_in6>.size)
        var span = bytes.mutableSpan
        let size = sice_numeric_address(Array(text.utf8).span, port, &span)
        guard size > 0 else { return nil }
        self.bytes = Array(bytes.prefix(size))
    }

    private static func family(_ number: Int32) -> [UInt8] {
        [UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8)]
    }

    var family: Int32 { Int32(bytes[0]) | Int32(bytes[1]) << 8 }

    public var isIPv6: Bool { family == AF_INET6 }

    /// Of an internet address; nil for others.
    public var port: UInt16? {
        guard [AF_INET, AF_INET6].contains(family), bytes.count >= 4 else { return nil }
        return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
    }
}
