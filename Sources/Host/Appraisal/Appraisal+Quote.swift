internal import Crypto
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import SICEABI
internal import StrictJSON

/// Is the quote that of the enrolled TPM, and does it speak of this report and these PCRs?
extension Appraisal {
    func quoteChecks() throws(ToolError) -> [Check] {
        var checks = try keyChecks()
        guard let quote = evidence.quote else {
            let found = bundle.quote.prefix(6).hex
            return checks + [
                .compare(
                    .quoteOrigin, expected: "ff5443478018", from: "TPM 2.0 Library", found: found,
                    in: "quote: magic and type")
            ]
        }
        checks.append(
            .compare(.quoteOrigin, expected: "quote", from: "TPM 2.0 Library", found: "quote", in: "quote"))
        checks.append(bindingCheck(quote))
        checks += pcrChecks(quote)
        return checks
    }

    /// The key that verifies is the enrolled one, never the one that the bundle brings.
    private func keyChecks() throws(ToolError) -> [Check] {
        guard let enrollment = expectations.enrollment else {
            return [Check.Identifier.attestationKey, .quoteSignature].map {
                .skipped($0, missing: "the machine's record with --enrollment")
            }
        }
        let enrolled: AttestationKey
        do throws(ToolError) {
            enrolled = try AttestationKey(enrollment.attestationKey)
        } catch { throw ToolError(.enrollmentUnreadable, error.detail) }
        let isValid = try enrolled.isValidSignature(bundle.quoteSignature, message: bundle.quote)
        return [
            .compare(
                .attestationKey, expected: enrolled.name.hex, from: "enrollment: name of the key",
                found: evidence.attestationKey.name.hex, in: "bundle: attestation_key"),
            .compare(
                .quoteSignature, expected: "valid", from: "enrollment: key",
                found: isValid ? "valid" : "invalid", in: "bundle: quote_signature"),
        ]
    }

    private func bindingCheck(_ quote: Quote) -> Check {
        let nonce = expectations.nonce ?? bundle.nonce
        return .compare(
            .quoteBinding, expected: QuoteBinding.qualifyingData(nonce: nonce, report: bundle.report).hex,
            from: "challenge and report", found: quote.qualifyingData.hex, in: "quote: qualifying data")
    }

    private func pcrChecks(_ quote: Quote) -> [Check] {
        [
            .compare(
                .pcrDigest, expected: "\(EvidenceBundle.quotedPCRs)", from: "evidence format",
                found: "\(quote.pcrs)", in: "quote: selection"),
            .compare(
                .pcrDigest, expected: SHA256.hash(bundle.pcrs.flatMap { $0 }).hex, from: "bundle: pcrs",
                found: quote.pcrDigest.hex, in: "quote: PCR digest"),
        ]
    }
}

extension Sequence where Element == UInt8 {
    var hex: String { Hex.encode(self) }
}
