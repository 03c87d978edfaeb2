internal import CLinux
internal import Glibc
public import SystemPackage

extension OpenFile {
    /// A stream socket for addresses of this one's family.
    public convenience init(socketFor address: SocketAddress, waits: Bool = true) throws(Errno) {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        try self.init(opened: socket(address.family, kind | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue)), 0))
    }

    /// A socket in the file system that listens and does not wait, in the place of what lies there; so many may wait until they
    /// are accepted. Nobody is let in before the file has its permissions, those of the umask without.
    public static func listening(
        at path: String, permissions: FilePermissions? = nil, _ count: Int32
    ) throws(Errno) -> OpenFile {
        guard let address = SocketAddress(path: path) else { throw .fileNameTooLong }
        try? FileSystem.remove(path)
        let file = try OpenFile(socketFor: address, waits: false)
        try file.bind(to: address)
        if let permissions { try FileSystem.setPermissions(path, permissions) }
        try file.listen(count)
        return file
    }

    /// A socket that is connected.
    public static func connected(to address: SocketAddress) throws(Errno) -> OpenFile {
        let file = try OpenFile(socketFor: address)
        try file.connect(to: address)
        return file
    }

    /// Connects. A socket that does not wait throws `nowInProgress`; see ``checkConnection()``.
    public func connect(to address: SocketAddress) throws(Errno) {
        try call { sice_connect($0, address.bytes.span) }
    }

    public func bind(to address: SocketAddress) throws(Errno) {
        try call { sice_bind($0, address.bytes.span) }
    }

    /// What became of a connection that was not waited for; throws what went wrong.
    public func checkConnection() throws(Errno) {
        let error = try call { sice_connection_error($0) }
        guard error == 0 else { throw Errno(rawValue: error) }
    }

    /// Lets others connect; so many may wait until they are accepted.
    public func listen(_ count: Int32) throws(Errno) { try call { Glibc.listen($0, count) } }

    /// The next one that wants in.
    public func accept() throws(Errno) -> OpenFile { try OpenFile(opened: call { sice_accept($0) }) }

    /// The address that it is bound to.
    public func localAddress() throws(Errno) -> SocketAddress {
        var bytes = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
        let size = try call { file in
            var span = bytes.mutableSpan
            return sice_local_address(file, &span)
        }
        guard let address = SocketAddress(Array(bytes.prefix(Int(size)))) else { throw .ioError }
        return address
    }
}

extension OpenFile {
    /// Sends a part of the bytes perhaps; gives how many. That the other end has gone is an error, and no signal.
    public func send(_ bytes: ArraySlice<UInt8>, waits: Bool = true) throws(Errno) -> Int {
        try call { sice_send($0, bytes.span, waits ? 1 : 0) }
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
        let count = try receiveNow(into: &bytes)
        return Array(bytes.prefix(count))
    }

    /// The same into a buffer; gives how many bytes, 0 at the end.
    public func receiveNow(into buffer: inout [UInt8]) throws(Errno) -> Int {
        try call { file in
            var span = buffer.mutableSpan
            return sice_receive(file, &span)
        }
    }

    /// Lets the other end see that no more will be sent.
    public func endSending() throws(Errno) { try call { shutdown($0, Int32(SHUT_WR)) } }

    /// Reads that wait throw `resourceTemporarilyUnavailable` after so long.
    public func setReadPatience(seconds: Int) throws(Errno) {
        try call { sice_set_read_patience($0, seconds) }
    }

    /// A connection to the same address that is still closing is not in the way.
    public func setAddressReuse() throws(Errno) { try call { sice_allow_address_reuse($0) } }
}
