internal import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// Ports of the loopback interface. Nothing of the project listens on any other.
enum LoopbackPort {
    /// Makes sure that `port` is free, or picks a free one for 0. Throws `portInUse`.
    static func reserve(_ port: UInt16) throws(ToolError) -> UInt16 {
        do throws(Errno) {
            let address = SocketAddress(loopbackPort: port)
            let socket = try OpenFile(socketFor: address)
            // QEMU sets it too: a connection of an earlier machine that is still closing does not count as in use.
            try socket.setAddressReuse()
            try socket.bind(to: address)
            return try socket.localAddress().port ?? port
        } catch { throw ToolError(.portInUse, "port \(port): \(error)") }
    }
}
