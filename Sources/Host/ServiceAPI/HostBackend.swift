public import Diagnostics
public import ManagerAccess
public import TPMAttestation

/// What the service needs of its machine.
public protocol HostBackend: SendableMetatype {
    associatedtype Connection: ManagerConnection
    /// Runs `body` with the manager to itself.
    func withManager<Result>(
        _ body: (inout ManagerClient<Connection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result
    /// Opens the TPM. Throws `noTPMDevice`.
    func openTPM() throws(ToolError) -> AttestationTPM<TPMDevice>
    /// The boot event log as the firmware left it. Throws `fileMissing`.
    func eventLog() throws(ToolError) -> [UInt8]
}
