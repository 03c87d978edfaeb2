public import Diagnostics
internal import LinuxSystem
public import SICEABI
internal import SystemPackage
public import TPM2

/// A TPM behind a file: Linux's resource manager `/dev/tpmrm0`, or the socket of a software TPM. One command is
/// one write, one answer one read.
public struct TPMDevice: ~Copyable, TPMTransport {
    /// The resource manager: it keeps our handles apart from those of other programs.
    public static let resourceManager = "/dev/tpmrm0"

    private let file: OpenFile

    /// Opens a device. Throws `noTPMDevice`, or `permissionDenied` when it exists but is not for us.
    public init(path: String = TPMDevice.resourceManager) throws(ToolError) {
        do throws(Errno) { file = try OpenFile(path, .readWrite) } catch {
            throw ToolError(
                error == .permissionDenied ? .permissionDenied : .noTPMDevice, "\(path): \(error)")
        }
    }

    /// Connects to a software TPM's unix socket. Throws `noTPMDevice`.
    public init(socket path: String) throws(ToolError) {
        do throws(Errno) {
            guard let address = SocketAddress(path: path) else { throw .fileNameTooLong }
            file = try OpenFile.connected(to: address)
        } catch { throw ToolError(.noTPMDevice, "\(path): \(error)") }
    }

    public mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let answer: [UInt8]
        do throws(Errno) {
            try file.writeOnce(command)
            answer = try file.readSome(response.count)
        } catch { throw .noTPMDevice }
        guard !answer.isEmpty else { throw .noTPMDevice }
        for (index, byte) in answer.enumerated() { response[index] = byte }
        return answer.count
    }
}
