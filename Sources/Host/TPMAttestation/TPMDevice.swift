public import Diagnostics
internal import Glibc
public import SICEABI
public import TPM2

/// A TPM behind a file: Linux's resource manager `/dev/tpmrm0`, or the socket of a software TPM. One command is
/// one write, one answer one read.
public struct TPMDevice: ~Copyable, TPMTransport {
    /// The resource manager: it keeps our handles apart from those of other programs.
    public static let resourceManager = "/dev/tpmrm0"

    private let descriptor: Int32

    /// Opens a device. Throws `noTPMDevice`, or `permissionDenied` when it exists but is not for us.
    public init(path: String = TPMDevice.resourceManager) throws(ToolError) {
        descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ToolError(
                errno == EACCES ? .permissionDenied : .noTPMDevice, "\(path): \(String(systemError: errno))")
        }
    }

    /// Connects to a software TPM's unix socket. Throws `noTPMDevice`.
    public init(socket path: String) throws(ToolError) {
        descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, connectUnix(descriptor, path) else {
            throw ToolError(.noTPMDevice, "\(path): \(String(systemError: errno))")
        }
    }

    deinit { close(descriptor) }

    public mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let file = descriptor
        let sent = unsafe command.withUnsafeBytes { unsafe write(file, $0.baseAddress!, $0.count) }
        guard sent == command.count else { throw .noTPMDevice }
        var received: Int
        repeat {
            received = unsafe response.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress!, $0.count) }
        } while received < 0 && errno == EINTR
        guard received > 0 else { throw .noTPMDevice }
        return received
    }
}

private func connectUnix(_ descriptor: Int32, _ path: String) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard name.count < MemoryLayout.size(ofValue: address.sun_path) else {
        errno = ENAMETOOLONG
        return false
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
    return unsafe withUnsafePointer(to: &address) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
        }
    }
}
