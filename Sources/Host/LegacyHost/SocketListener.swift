internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A socket in the file system that others connect to. Connections, and what comes through them, interrupt the thread that
/// made it (``LinuxSystem/InputSignal``). The file goes when nobody holds this any more.
final class SocketListener {
    let path: String
    private let socket: OpenFile

    /// Takes the place of a socket that a dead process left. Throws `outputFailed`.
    init(_ path: String) throws(ToolError) {
        self.path = path
        do throws(Errno) {
            socket = try OpenFile.listening(at: path, 1)
            try socket.use(InputSignal.watch)
        } catch {
            throw ToolError(.outputFailed, "\(path): \(error)")
        }
    }

    deinit { try? FileSystem.remove(path) }

    /// To wait for.
    var file: FileDescriptor { socket.descriptor }

    /// Somebody who wants in, without waiting; nil for nobody.
    func accept() -> OpenFile? {
        guard let newcomer = try? socket.accept() else { return nil }
        guard (try? newcomer.use(InputSignal.watch)) != nil else { return nil }
        return newcomer
    }
}
