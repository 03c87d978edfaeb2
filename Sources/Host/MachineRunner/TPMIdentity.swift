internal import Diagnostics
internal import Foundation
internal import SICEABI

/// Gives a software TPM an identity: an endorsement key with a certificate of an authority that belongs to the
/// machine's folder alone. It stands in for the factory of a TPM chip.
///
/// Its programs run in that folder and get relative names, since the folder's own may hold what their options and files cannot
/// (``EmulatorOption``).
struct TPMIdentity {
    let folder: String

    private static let setupFile = "swtpm-setup.conf"
    private static let authorityFile = "swtpm-ca.conf"
    private static let optionsFile = "swtpm-ca.options"

    /// Makes the identity unless the folder has one. Throws `programMissing`, `outputFailed`, `machineDied`.
    func prepare() throws(ToolError) {
        guard !FileManager.default.fileExists(atPath: "\(folder)/\(FileName.authorityCertificates)") else {
            return
        }
        do {
            for name in [FileName.tpmState, FileName.authority] {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            }
        } catch { throw ToolError(.outputFailed, "\(folder): \(error.localizedDescription)") }
        try writeConfiguration()
        let log = "\(folder)/\(FileName.tpmLog)"
        let arguments = [
            "--tpm2", "--tpmstate", FileName.tpmState, "--create-ek-cert", "--create-platform-cert",
            "--lock-nvram", "--config", Self.setupFile, "--pcr-banks", "sha256", "--overwrite",
        ]
        guard try Program.run("swtpm_setup", arguments, in: folder, log: log) == 0 else {
            throw ToolError(.machineDied, "swtpm_setup failed; see \(log)")
        }
        try exportAuthority()
    }

    private func writeConfiguration() throws(ToolError) {
        try write(
            """
            create_certs_tool = \(try Program.find("swtpm_localca"))
            create_certs_tool_config = \(Self.authorityFile)
            create_certs_tool_options = \(Self.optionsFile)
            """, to: Self.setupFile)
        try write(
            """
            statedir = \(FileName.authority)
            signingkey = \(FileName.authority)/signing-key.pem
            issuercert = \(FileName.authority)/issuer.pem
            certserial = \(FileName.authority)/serial
            """, to: Self.authorityFile)
        try write(
            "--platform-manufacturer SICE --platform-version 1 --platform-model q35\n", to: Self.optionsFile)
    }

    private func write(_ text: String, to name: String) throws(ToolError) {
        try OutputFile.write(Array((text + "\n").utf8), to: "\(folder)/\(name)")
    }

    /// One file with issuer and root, last: its presence says that the identity is complete.
    private func exportAuthority() throws(ToolError) {
        var certificates: [UInt8] = []
        for name in ["issuer.pem", "swtpm-localca-rootca-cert.pem"] {
            certificates += try InputFile.read(
                "\(folder)/\(FileName.authority)/\(name)", limit: 1 << 16, tooLarge: .fileMissing)
        }
        try OutputFile.write(certificates, to: "\(folder)/\(FileName.authorityCertificates)")
    }
}
