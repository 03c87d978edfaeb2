extension ErrorCode {
    /// E04xx: sealed data and fresh state. No text for others.
    var secretText: ErrorDescription {
        switch self {
        case .sealedDataMalformed:
            ErrorDescription(
                "This is no sealed data, or not in the form that this program writes.",
                "Check which file it is; use programs of one version.", 65)
        case .sealedDataRefused:
            ErrorDescription(
                "The sealed data was changed, cut, or sealed for another program, state or machine.",
                "Restore it as it was written, on its machine and for its program.", 65)
        default: .missing
        }
    }
}
