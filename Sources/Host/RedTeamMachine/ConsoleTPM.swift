internal import Diagnostics
internal import Evidence
internal import MachineRunner
internal import OpenSSLCrypto
internal import RedTeam
internal import SICEABI
internal import StrictJSON
internal import TPM2
internal import TPMAttestation

/// The TPM of a running machine, as its root reaches it over the console.
struct ConsoleTPM: TPMTransport {
    private let shell: HostShell

    /// Throws `targetUnreachable`, `machineTimedOut`, `noTPMDevice`.
    init(folder: String) throws(ToolError) { try self.init(HostShell(folder: folder)) }

    /// Takes a shell that nobody else talks to meanwhile. Throws as ``init(folder:)``.
    init(_ shell: HostShell) throws(ToolError) {
        self.shell = shell
        // The resource manager forgets keys when the file that made them is closed: the shell keeps it open.
        let answer = try shell.run("exec 3<>/dev/tpmrm0")
        guard answer.status == 0 else { throw ToolError(.noTPMDevice, answer.text) }
    }

    /// Nil when the registers do not hold what the attack needs, or nobody answers.
    func quote(_ wanted: RootQuote) -> RootQuote.Answer? {
        do throws(ToolError) {
            if let answer = try quoteNow(wanted) { return answer }
            for step in wanted.steps {
                let answer = try shell.run("/tests/linux-attack \(ConsoleTPM.arguments(step))")
                guard answer.status == 0 else { return nil }
            }
            return try quoteNow(wanted)
        } catch { return nil }
    }

    private func quoteNow(_ wanted: RootQuote) throws(ToolError) -> RootQuote.Answer? {
        var tpm = AttestationTPM(self)
        let made = try tpm.quote(qualifyingData: wanted.qualifyingData, pcrMask: wanted.selection)
        guard try Quote(made.attest).pcrDigest == wanted.digest else { return nil }
        return RootQuote.Answer(quote: made.attest, signature: made.signature)
    }

    private static func arguments(_ step: RootQuote.Step) -> String {
        switch step {
        case .extend(let pcr, let digest): "extend \(pcr) \(Hex.encode(digest))"
        case .reset(let pcr): "reset \(pcr)"
        }
    }

    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let text = Hex.encode(command.indices.map { command[$0] })
        guard let answer = try? shell.run("/tests/linux-attack tpm \(text)"),
            let bytes = ConsoleTPM.response(answer.text), bytes.count <= response.count
        else { throw .noTPMDevice }
        for (index, byte) in bytes.enumerated() { response[index] = byte }
        return bytes.count
    }

    /// The response among what the console shows.
    static func response(_ text: String) -> [UInt8]? {
        let line = text.split(whereSeparator: \.isNewline).last { $0.hasPrefix("tpm ") }
        return line.flatMap { Hex.decode(String($0.dropFirst(4))) }
    }
}
