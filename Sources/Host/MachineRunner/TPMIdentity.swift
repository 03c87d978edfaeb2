internal import Diagnostics
internal import Foundation
internal import SICEABI

/// Gives a software TPM an identity: an endorsement key with a certificate of an authority that belongs to the
/// machine's folder alone. It stands in for the factory of a TPM chip.
struct TPMIdentity {
    let folder: String

    private var state: String { "\(folder)/\(FileName.tpmState)" }
    private var authority: String { "\(folder)/\(FileName.authority)" }

    /// Makes the identity unless the folder has one. Throws `programMissing`, `outputFailed`, `machineDied`.
    func prepare() throws(ToolError) {
        guard !FileManager.default.fileExists(atPath: "\(folder)/\(FileName.authorityCertificates)") else {
            return
        }
        do {
            for directory in [state, authority] {
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
        } catch { throw ToolError(.outputFailed, "\(folder): \(error.localizedDescription)") }
        try writeConfiguration()
        let log = "\(folder)/\(FileName.tpmLog)"
        let arguments = [
            "--tpm2", "--tpmstate", state, "--create-ek-cert", "--create-platform-cert", "--lock-nvram",
            "--config",
            "\(folder)/swtpm-setup.conf", "--pcr-banks", "sha256", "--overwrite",
        ]
        guard try Program.run("swtpm_setup", arguments, log: log) == 0 else {
            throw ToolError(.machineDied, "swtpm_setup failed; see \(log)")
        }
        try exportAuthority()
    }

    private func writeConfiguration() throws(ToolError) {
        try write(
            """
            create_certs_tool = \(try Program.find("swtpm_localca"))
            create_certs_tool_config = \(folder)/swtpm-ca.conf
            create_certs_tool_options = \(folder)/swtpm-ca.options
            """, to: "swtpm-setup.conf")
        try write(
            """
            statedir = \(authority)
            signingkey = \(authority)/signing-key.pem
            issuercert = \(authority)/issuer.pem
            certserial = \(authority)/serial
            """, to: "swtpm-ca.conf")
        try write(
            "--platform-manufacturer SICE --platform-version 1 --platform-model q35\n", to: "swtpm-ca.options"
        )
    }

    private func write(_ text: String, to name: String) throws(ToolError) {
        try OutputFile.write(Array((text + "\n").utf8), to: "\(folder)/\(name)")
    }

    /// One file with issuer and root, last: its presence says that the identity is complete.
    private func exportAuthority() throws(ToolError) {
        var certificates: [UInt8] = []
        for name in ["issuer.pem", "swtpm-localca-rootca-cert.pem"] {
            certificates += try InputFile.read("\(authority)/\(name)", limit: 1 << 16, tooLarge: .fileMissing)
        }
        try OutputFile.write(certificates, to: "\(folder)/\(FileName.authorityCertificates)")
    }
}
