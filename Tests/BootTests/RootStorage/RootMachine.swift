import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import TPMAttestation

/// A machine with a software TPM: firmware that boots, and what comes after it.
final class RootMachine {
    let tpm: SoftwareTPM
    /// Codes of the commands by which the last ``boot(manager:cutBefore:)`` opened the root.
    private(set) var commands: [UInt32] = []
    private static let entropy = [UInt8](repeating: 0xE7, count: 64)

    init() throws { tpm = try SoftwareTPM(rsaBits: nil) }

    /// Commands to the TPM as it is now, from whoever.
    func client() throws -> TPMClient<CuttableTransport> {
        TPMClient(CuttableTransport(try TPMDevice(socket: tpm.socket)))
    }

    /// What a payload does from its reset to the close of the platform hierarchy.
    /// - Parameters:
    ///   - manager: stands for the manager that is measured.
    ///   - cutBefore: power goes before this command of ``TPMClient/openRoot(entropy:)``.
    func boot(manager: UInt8 = 1, cutBefore: Int = .max) throws -> StoredRoot {
        try measure(manager)
        var client = try client()
        client.transport.left = cutBefore
        var opened: Int?
        defer { commands = Array(client.transport.commands.prefix(opened ?? .max)) }
        let root = try client.openRoot(entropy: Self.entropy.span)
        opened = client.transport.commands.count
        client.transport.left = .max
        try client.extend(pcr: 5, digest: Self.digest(0x99).span)
        try client.closePlatformHierarchy()
        return root
    }

    /// Resets, as power that goes and comes, and extends the PCRs.
    func measure(_ manager: UInt8 = 1) throws {
        try tpm.cutPower()
        var client = try client()
        for (pcr, value) in [(0, 0xC0), (2, 0xC2), (4, manager), (5, 0xC5)] as [(UInt32, UInt8)] {
            try client.extend(pcr: pcr, digest: Self.digest(value).span)
        }
    }

    private static func digest(_ value: UInt8) -> [UInt8] { [UInt8](repeating: value, count: 32) }
}

/// A TPM that power leaves before a chosen command.
struct CuttableTransport: ~Copyable, TPMTransport {
    private var device: TPMDevice
    /// How many commands still reach the TPM.
    var left = Int.max
    private(set) var commands: [UInt32] = []

    init(_ device: consuming TPMDevice) { self.device = device }

    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        guard left > 0 else { throw .noTPMDevice }
        left -= 1
        commands.append((6..<10).reduce(0) { $0 << 8 | UInt32(command[$1]) })
        return try device.transmit(command, into: &response)
    }
}

extension StoredRoot {
    /// Root and authorization value.
    var secrets: [UInt8] { bytes(root) + bytes(authValue) }
}

extension TPMClient where Transport: ~Copyable {
    /// What P holds for the PCRs of the moment.
    mutating func presentPolicy() throws -> [UInt8] {
        let session = try startPolicySession()
        try policyPCR(session, mask: 0b11_0101)
        let digest = bytes(try policyDigest(session))
        try flush(session)
        return [0, 0x0B] + digest
    }
}
