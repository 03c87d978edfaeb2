internal import Glibc

/// The system's resolver (getaddrinfo).
public enum AddressLookup {
    /// Why a host has no address.
    public struct Failure: Error, CustomStringConvertible {
        let number: Int32

        /// The host has no address of the kind that was asked for.
        public var isUnknown: Bool { number == EAI_NONAME }
        /// The C library's words.
        public var description: String { unsafe String(cString: gai_strerror(number)) }
    }

    /// All addresses of a host's stream sockets at a port, in the system's order.
    ///
    /// - Parameter isNumeric: the host is an address, and nobody is asked.
    public static func addresses(
        of host: String, port: UInt16, isNumeric: Bool
    ) throws(Failure) -> [SocketAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICSERV | (isNumeric ? AI_NUMERICHOST : 0)
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let number = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard number == 0 else { throw Failure(number: number) }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = unsafe list
        while let entry = unsafe next?.pointee {
            let bytes = unsafe UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
            if let address = unsafe SocketAddress(Array(bytes)) { addresses.append(address) }
            unsafe next = entry.ai_next
        }
        return addresses
    }
}
