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
        case .approvalMalformed:
            ErrorDescription(
                "This is no approval of new firmware, or not in the form that this program writes.",
                "Check which file it is; use programs of one version.", 65)
        case .approvalRefused:
            ErrorDescription(
                "The approval was changed, or signed by a key that is not this machine's owner's.",
                "Sign it with the key whose public half is in this machine's firmware.", 65)
        case .approvalNotForThisMachine:
            ErrorDescription(
                "The approval is for another machine, or this one has no root of sealed storage.",
                "Pass the one with this machine's root identifier.", 65)
        case .approvalTooOld:
            ErrorDescription(
                "The approved firmware has a lower security version than the firmware that runs.",
                "Approve firmware of this security version or a higher one.", 65)
        default: .missing
        }
    }
}
