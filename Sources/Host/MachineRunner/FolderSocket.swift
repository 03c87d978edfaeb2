internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A connection to a socket in a machine's folder.
final class FolderSocket: Sendable {
    private let socket: OpenFile

    /// `patience` is how many seconds ``receive()`` waits. Throws `targetUnreachable`.
    init(_ folder: String, _ name: String, patience: Int = 60) throws(ToolError) {
        do throws(Errno) {
            // By way of the open folder: its own path may be longer than an address can be.
            let directory = try OpenFile(folder, .readOnly, options: .directory)
            socket = try directory.use { directory throws(Errno) in
                let path = "/proc/self/fd/\(directory.rawValue)/\(name)"
                guard let address = SocketAddress(path: path) else { throw .fileNameTooLong }
                return try OpenFile.connected(to: address)
            }
            try socket.setReadPatience(seconds: patience)
        } catch { throw ToolError(.targetUnreachable, "\(folder)/\(name)") }
    }

    /// That the other end has gone is found by reading.
    func send(_ text: String) { try? socket.sendWhole(Array(text.utf8)) }

    /// The next bytes; none when the other end closed, nil when nothing came in time.
    func receive() -> [UInt8]? { try? socket.readSome(4096) }

    /// Reads on until nothing came for so long.
    func waitForSilence(milliseconds: Int32) {
        while let ready = try? socket.wait(for: .input, milliseconds: milliseconds), !ready.isEmpty,
            let bytes = receive(), !bytes.isEmpty
        {}
    }
}
