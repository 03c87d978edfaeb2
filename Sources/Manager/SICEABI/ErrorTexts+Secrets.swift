extension ErrorCode {
    /// E04xx: sealed data, fresh state, approvals. No text for others.
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
        case .stateConflict:
            ErrorDescription(
                "The state was moved on meanwhile by another run of the same program.",
                "Load the present state and apply the change to it.", 69)
        case .stateStale:
            ErrorDescription(
                "This is not the newest state, by the history that the TPM keeps.",
                "Offer the newest table; one from a backup or of another start is never taken.", 65)
        case .stateLost:
            ErrorDescription(
                "The TPM's history tells of fresh state, and the host has none of it.",
                "Restore the newest table; without it the states of all programs are gone.", 65)
        case .stateTableFull:
            ErrorDescription(
                "The vault holds the states of 48 programs, and has room for no other.",
                "Let it forget a program that will not come again.", 69)
        case .channelMalformed:
            ErrorDescription(
                "This is no message of a channel between two environments, or not the one that is next.",
                "Open the channel again; check that both programs are of one version.", 65)
        case .channelRefused:
            ErrorDescription(
                "A message of a channel between two environments is not what the other one said in it.",
                "Open the channel again; the host changed, repeated, withheld or swapped messages.", 65)
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
        case .historyRefused:
            ErrorDescription(
                "The TPM refused a command on the history of fresh state.",
                "Try again; the console and tpm2_getcap say whether the TPM is well.", 69)
        case .historyNotAuthentic:
            ErrorDescription(
                "What came as the TPM's answer is not its answer to the vault's command.",
                "Look for what stands between siced and the TPM; nothing was acknowledged.", 69)
        case .vaultNotReady:
            ErrorDescription(
                "The vault is not at a step where this can be asked.",
                "It looks for the head, takes a table, and has one commit at a time.", 69)
        default: .missing
        }
    }
}
