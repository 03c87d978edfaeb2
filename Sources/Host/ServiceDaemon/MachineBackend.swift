internal import Diagnostics
internal import LegacyHost
internal import ManagerAccess
internal import ServiceAPI
internal import TPMAttestation

/// The machine that this process runs on, for one of its threads: one session, begun with the first request that needs the
/// manager.
final class MachineBackend: HostBackend {
    private let isWanted: () -> Bool
    private var session: HostSession?

    init(_ isWanted: @escaping () -> Bool) { self.isWanted = isWanted }

    func withManager<Result>(
        _ body: (inout ManagerClient<MachineConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        if session == nil { session = try HostSession(isWanted: isWanted) }
        return try session!.turn(body)
    }

    func openTPM() throws(ToolError) -> AttestationTPM<TPMDevice> { AttestationTPM(try TPMDevice()) }

    func eventLog() throws(ToolError) -> [UInt8] {
        try InputFile.read("/sys/kernel/security/tpm0/binary_bios_measurements")
    }
}
