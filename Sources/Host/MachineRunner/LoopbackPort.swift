internal import Diagnostics
internal import Glibc
internal import SICEABI

/// Ports of the loopback interface. Nothing of the project listens on any other.
enum LoopbackPort {
    /// Makes sure that `port` is free, or picks a free one for 0. Throws `portInUse`.
    static func reserve(_ port: UInt16) throws(ToolError) -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ToolError(.portInUse, String(systemError: errno)) }
        defer { close(descriptor) }
        // QEMU sets it too: a connection of an earlier machine that is still closing does not count as in use.
        var reuse: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = address(port)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                unsafe bind(descriptor, generic, size) == 0 && getsockname(descriptor, generic, &size) == 0
            }
        }
        guard bound else { throw ToolError(.portInUse, "port \(port): \(String(systemError: errno))") }
        return UInt16(bigEndian: address.sin_port)
    }

    /// The address of a port.
    static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
