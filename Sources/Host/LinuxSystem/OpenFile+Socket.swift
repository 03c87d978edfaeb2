internal import CLinux
internal import Glibc
public import SystemPackage

extension OpenFile {
    /// A stream socket for addresses of this one's family.
    public convenience init(socketFor address: SocketAddress, waits: Bool = true) throws(Errno) {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try self.init(opened: socket(address.family, kind | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue)), 0))
    }

    /// A socket that is connected.
    public static func connected(to address: SocketAddress) throws(Errno) -> OpenFile {
        let file = try OpenFile(socketFor: address)
        try file.connect(to: address)
        return file
    }

    /// Connects. A socket that does not wait throws `nowInProgress`; see ``checkConnection()``.
    public func connect(to address: SocketAddress) throws(Errno) {
        try call { file in unsafe address.pass { unsafe Glibc.connect(file, $0, $1) } }
    }

    public func bind(to address: SocketAddress) throws(Errno) {
        try call { file in unsafe address.pass { unsafe Glibc.bind(file, $0, $1) } }
    }

    /// What became of a connection that was not waited for; throws what went wrong.
    public func checkConnection() throws(Errno) {
        var (error, size): (Int32, socklen_t) = (0, socklen_t(MemoryLayout<Int32>.size))
        try call { unsafe getsockopt($0, SOL_SOCKET, SO_ERROR, &error, &size) }
        guard error == 0 else { throw Errno(rawValue: error) }
    }

    /// Lets others connect; so many may wait until they are accepted.
    public func listen(_ count: Int32) throws(Errno) { try call { Glibc.listen($0, count) } }

    /// The next one that wants in.
    public func accept() throws(Errno) -> OpenFile { try OpenFile(opened: call { sice_accept($0) }) }

    /// The address that it is bound to.
    public func localAddress() throws(Errno) -> SocketAddress {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
        var size = socklen_t(bytes.count)
        try call { file in
            unsafe bytes.withUnsafeMutableBytes {
                unsafe getsockname(file, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &size)
            }
        }
        guard let address = SocketAddress(Array(bytes.prefix(Int(size)))) else { throw .ioError }
        return address
    }
}

extension OpenFile {
    /// Sends a part of the bytes perhaps; gives how many. That the other end has gone is an error, and no signal.
    public func send(_ bytes: ArraySlice<UInt8>, waits: Bool = true) throws(Errno) -> Int {
        let flags = Int32(MSG_NOSIGNAL) | (waits ? 0 : Int32(MSG_DONTWAIT))
        return try call { file in
            unsafe bytes.withUnsafeBytes { unsafe Glibc.send(file, $0.baseAddress, $0.count, flags) }
        }
    }

    /// Sends all bytes. Throws `timedOut` when the other end takes none for so long; -1: waits for ever.
    public func sendWhole(_ bytes: [UInt8], milliseconds: Int32 = -1) throws(Errno) {
        var rest = bytes[...]
        while !rest.isEmpty {
            do throws(Errno) { rest = rest.dropFirst(try send(rest, waits: milliseconds < 0)) } catch {
                guard error.isTransient else { throw error }
                if error == .resourceTemporarilyUnavailable { try waitForRoom(milliseconds) }
            }
        }
    }

    private func waitForRoom(_ milliseconds: Int32) throws(Errno) {
        do throws(Errno) {
            guard try !wait(for: .output, milliseconds: milliseconds).isEmpty else { throw .timedOut }
        } catch {
            // A packet's signal may interrupt the wait.
            guard error == .interrupted else { throw error }
        }
    }

    /// What has come, without waiting; nothing at the end. Throws `resourceTemporarilyUnavailable` when nothing has.
    public func receiveNow(_ limit: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try call { unsafe recv($0, &bytes, limit, Int32(MSG_DONTWAIT)) }
        return Array(bytes.prefix(count))
    }

    /// Reads that wait throw `resourceTemporarilyUnavailable` after so long.
    public func setReadPatience(seconds: Int) throws(Errno) {
        try set(SO_RCVTIMEO, timeval(tv_sec: seconds, tv_usec: 0))
    }

    /// A connection to the same address that is still closing is not in the way.
    public func setAddressReuse() throws(Errno) { try set(SO_REUSEADDR, Int32(1)) }

    private func set(_ option: Int32, _ value: some BitwiseCopyable) throws(Errno) {
        var value = value
        let size = socklen_t(MemoryLayout.size(ofValue: value))
        try call { unsafe setsockopt($0, SOL_SOCKET, option, &value, size) }
    }
}
