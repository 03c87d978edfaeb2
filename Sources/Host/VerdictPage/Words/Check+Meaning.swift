internal import Appraisal

extension Check.Identifier {
    /// What the check is for, and what one would believe without it; for people who do not know the protocol.
    var meaning: String {
        switch self {
        case .nonce:
            "The verifier sent a number that it had never sent before. Evidence with another number is an old answer, or "
                + "the answer to somebody else."
        case .reportSignature:
            "The report about the environment bears the signature of the key that the security manager made when the "
                + "machine started. Otherwise anybody could have written it."
        case .attestationKey:
            "The machine's TPM was enrolled once, and answers with the key of that day. Another key is another TPM."
        case .quoteOrigin:
            "The TPM marks what it says about itself, so that nobody can have it sign something that only looks so."
        case .quoteSignature:
            "The enrolled TPM signed what it measured. Otherwise the measurements could be made up."
        case .quoteBinding:
            "The TPM signed this challenge and this report together. Otherwise a report could be paired with another "
                + "machine's measurements, or with those of another day."
        case .pcrDigest:
            "The TPM signed the values of the registers that hold the boot's measurements, and these are the values."
        case .logReplay:
            "The list of what was started adds up to the registers' values: nothing was left out, added or reordered."
        case .reportKey:
            "The key of the security manager was measured once, before anything of the host ran. Otherwise the host could "
                + "sign reports with a key of its own."
        case .referenceValues:
            "Every program that ran before the host is, byte for byte, the one that the machine should have."
        case .managerDigest:
            "The report was made by the security manager that the machine should have."
        case .measurement:
            "The program in the isolated environment is, byte for byte, one that is accepted."
        case .debug:
            "An image that its maker marks as one for debugging is no release; it may tell more than it should."
        case .state:
            "The environment is in a state that is accepted: one that crashed or is being destroyed does no work."
        case .posture:
            "The machine has the protections without which the other answers are worth less; the next section lists them."
        case .runtimeLog:
            "The security manager's own record of what happened since the machine started is whole."
        case .workloadData:
            "The program in the environment put the given key into the report: who holds that key is that program."
        }
    }
}
