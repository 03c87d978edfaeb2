extension ErrorCode {
    /// E05xx: the manager itself. No text for others.
    var managerText: ErrorDescription {
        switch self {
        case .managerFault:
            ErrorDescription(
                "The manager met a fault of its own; keys are zeroed and environments dead.",
                "Restart the machine and report the fault with the console log.", 70)
        case .noReportKey:
            ErrorDescription(
                "The manager holds no report key.",
                "The firmware was not measured, or a fault zeroed the key; restart on a measured ROM.", 69)
        case .noEntropy:
            ErrorDescription(
                "The machine gave no randomness.",
                "RDRAND and TPM randomness are both needed.", 69)
        case .poolExhausted:
            ErrorDescription(
                "The page pool is empty.",
                "Destroy environments or give TSEG more memory.", 69)
        case .logEntryGone:
            ErrorDescription(
                "The run-time log no longer holds this entry.",
                "Only the last 128 entries are kept; the hash chain covers all.", 69)
        case .unknownService:
            ErrorDescription(
                "The workload called a service that does not exist.",
                "Build the workload against this manager's SDK.", 69)
        default: .missing
        }
    }
}
