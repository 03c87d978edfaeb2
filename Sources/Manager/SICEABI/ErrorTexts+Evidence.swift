extension ErrorCode {
    /// E08xx: tools that read and appraise evidence. No text for others.
    var evidenceText: ErrorDescription {
        switch self {
        case .evidenceUnreadable:
            ErrorDescription(
                "The evidence is not a bundle of the known schema.",
                "Collect it again.", 65)
        case .evidenceTruncated:
            ErrorDescription(
                "A part of the evidence ends too early.",
                "Collect it again.", 65)
        case .evidenceMissingPart:
            ErrorDescription(
                "The evidence lacks a part that the appraisal needs.",
                "Collect it again.", 65)
        case .evidenceUnknownClaim:
            ErrorDescription(
                "The report has a claim that is not known here.",
                "Use a verifier of the manager's version.", 65)
        case .evidenceMalformedReport:
            ErrorDescription(
                "The report is not a deterministic COSE_Sign1 of the known profile.",
                "Collect it again.", 65)
        case .evidenceMalformedQuote:
            ErrorDescription(
                "The TPM quote does not parse.",
                "Collect it again.", 65)
        case .evidenceMalformedLog:
            ErrorDescription(
                "The event log does not parse.",
                "Collect it again.", 65)
        case .evidenceMalformedRuntimeLog:
            ErrorDescription(
                "The run-time log does not parse.",
                "Collect it again.", 65)
        case .nonceMismatch:
            ErrorDescription(
                "The evidence does not answer this challenge.",
                "Collect fresh evidence; if it persists, someone replays.", 1)
        case .reportSignatureInvalid:
            ErrorDescription(
                "The report's signature does not verify under the report key.",
                "Do not trust this machine.", 1)
        case .reportKeyNotVouched:
            ErrorDescription(
                "The quoted PCRs do not vouch for the report key.",
                "The report is from another boot or machine.", 1)
        case .quoteSignatureInvalid:
            ErrorDescription(
                "The quote's signature does not verify under the enrolled attestation key.",
                "Enroll the machine, or do not trust it.", 1)
        case .quoteWrongKey:
            ErrorDescription(
                "The quote comes from a TPM that is not the enrolled one.",
                "Check which machine answered.", 1)
        case .quoteNotBound:
            ErrorDescription(
                "The quote does not cover this nonce and report.",
                "Quote and report come from two sessions.", 1)
        case .quotePCRMismatch:
            ErrorDescription(
                "The PCR values do not match the quote's digest.",
                "The bundle was changed.", 1)
        case .logReplayMismatch:
            ErrorDescription(
                "The event log does not replay to the quoted PCRs.",
                "The log was changed, cut or reordered.", 1)
        case .referenceMismatch:
            ErrorDescription(
                "A measured component differs from the reference values.",
                "`sice-attest inspect` on both ROMs shows which one.", 1)
        case .measurementMismatch:
            ErrorDescription(
                "The environment's measurement is not the expected one.",
                "Compare with `sice-attest measure IMAGE`.", 1)
        case .debugImage:
            ErrorDescription(
                "The environment runs a debug image.",
                "Deploy a release image, or allow debug in the policy.", 1)
        case .postureRefused:
            ErrorDescription(
                "A protection that the policy requires is not present.",
                "The message names it; see SECURITY.md.", 1)
        case .runtimeLogMismatch:
            ErrorDescription(
                "The run-time log does not lead to the reported head.",
                "The log was changed or cut.", 1)
        case .quoteMalformedMagic:
            ErrorDescription(
                "The quote was not made by a TPM (wrong magic or type).",
                "Do not trust this machine.", 1)
        case .stateRefused:
            ErrorDescription(
                "The environment is not in a state that the policy accepts.",
                "Start the workload and collect again.", 1)
        case .managerMismatch:
            ErrorDescription(
                "The manager's digest in the report is not the reference one.",
                "Flash the expected manager.", 1)
        case .workloadDataMismatch:
            ErrorDescription(
                "The environment's workload data do not vouch for the given key.",
                "Get the key from this environment again; do not trust what it signed.", 1)
        case .enrollmentFailed:
            ErrorDescription(
                "The TPM did not prove that it holds the attestation key.",
                "Check which machine answered; enroll again.", 1)
        case .endorsementUntrusted:
            ErrorDescription(
                "The endorsement certificate does not chain to the given CA.",
                "Pass the TPM manufacturer's CA with --ek-ca.", 1)
        case .enrollmentUnreadable:
            ErrorDescription(
                "The enrollment record cannot be read.",
                "Enroll the machine again.", 65)
        case .referenceUnreadable:
            ErrorDescription(
                "The reference values cannot be read.",
                "Compute them again with `sice-attest reference`.", 65)
        case .policyUnreadable:
            ErrorDescription(
                "The policy cannot be read.",
                "Compare it with the example in `sice-attest verify --help`.", 65)
        case .endorsementNotForTPM:
            ErrorDescription(
                "The certificate is not one that endorses a TPM's key.",
                "Do not enroll this machine; ask the TPM's manufacturer which certificate it issued.", 1)
        case .endorsementNotValidNow:
            ErrorDescription(
                "The endorsement certificate, or one of its issuers, is not valid at this time.",
                "Check this computer's clock; else ask the TPM's manufacturer for a valid certificate.", 1)
        case .endorsementKeyRefused:
            ErrorDescription(
                "The endorsement key is of a kind that is not accepted.",
                "Use a TPM with an endorsement key of RSA 2048, RSA 3072, P-256 or P-384.", 1)
        case .endorsementOfAnotherKey:
            ErrorDescription(
                "The endorsement certificate is for another key than the machine's TPM shows.",
                "Do not trust this machine: it shows another TPM's certificate.", 1)
        default: .missing
        }
    }
}
