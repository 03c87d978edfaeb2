internal import Appraisal
internal import ArgumentParser
internal import Diagnostics
internal import Evidence
internal import SICEABI
internal import VerdictPage

/// The option to keep a verdict as a page.
struct PageOption: ParsableArguments {
    @Option(help: "Also write the verdict as a page for people: one HTML file that needs nothing else.")
    var page: String?

    /// Writes it, when it is asked for. Throws `outputFailed`.
    func write(
        _ verdict: Verdict, _ evidence: UnverifiedEvidence, _ expectations: Expectations,
        _ inputs: [VerdictPage.Input]
    ) throws(ToolError) {
        guard let page else { return }
        let content = VerdictPage(verdict, on: evidence, by: expectations, inputs: inputs)
        try OutputFile.write(content.bytes, to: page)
    }

    /// Throws `usage` when the page would take the place of one of these files, or of what is printed.
    func requireOwnFile(beside inputs: [(option: String, path: String)]) throws(ToolError) {
        guard let page else { return }
        for (option, path) in inputs where OutputFile.isSame(page, path) {
            throw ToolError(.usage, "--page and \(option) are the same file")
        }
        // A name of standard output is no matter: the words go elsewhere then.
        guard !OutputFile.replacesStandardOutput(page) else {
            throw ToolError(.usage, "--page and standard output are the same file")
        }
    }
}

extension Verify {
    /// Files that the appraisal reads, each with its option and what people call it.
    var files: [(option: String, title: String, path: String)] {
        var files = [("--evidence", "Evidence", evidence)]
        if let challenge { files.append(("--challenge", "Challenge", challenge)) }
        if let enrollment { files.append(("--enrollment", "Enrollment of the TPM", enrollment)) }
        if let reference { files.append(("--reference", "Reference values", reference)) }
        files += image.map { ("--image", "Image that may run", $0) }
        if let workloadKey { files.append(("--workload-key", "Key of the workload", workloadKey)) }
        if !Policy.isBuiltIn(policy) { files.append(("--policy", "Policy", policy)) }
        return files
    }

    /// What the page says of where everything is from.
    var inputs: [VerdictPage.Input] {
        var inputs = files.map { VerdictPage.Input($0.title, from: $0.path) }
        if let nonce { inputs.append(.init("Challenge", from: "--nonce \(nonce)")) }
        inputs += measurement.map { .init("Measurement that may run", from: "--measurement \($0)") }
        if Policy.isBuiltIn(policy) { inputs.append(.init("Policy", from: "\(policy), built in")) }
        return inputs
    }
}
