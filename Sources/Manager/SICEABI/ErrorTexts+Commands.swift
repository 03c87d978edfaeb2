extension ErrorCode {
    /// E01xx: commands that the manager refuses. No text for others.
    var commandText: ErrorDescription {
        switch self {
        case .unknownCommand:
            ErrorDescription(
                "The manager does not know this command number.",
                "Use a `sice` command of the same version as the manager (`sice info` shows it).", 69)
        case .wrongState:
            ErrorDescription(
                "The environment's lifecycle state does not allow this command.",
                "Look at `sice list`; a dead environment can only be reported on and destroyed.", 69)
        case .invalidArgument:
            ErrorDescription(
                "An argument is outside its documented range.",
                "Check the value against the command's row in SPECIFICATION.md.", 64)
        case .noSuchEnvironment:
            ErrorDescription(
                "No environment has this id.",
                "Look at `sice list`; ids are not used again after `destroy`.", 69)
        case .tooManyEnvironments:
            ErrorDescription(
                "All environment slots are taken.",
                "Destroy an environment first.", 69)
        case .environmentBusy:
            ErrorDescription(
                "The environment is running on another core.",
                "Wait until its run returns.", 69)
        case .bootCommandClosed:
            ErrorDescription(
                "A boot command came after the machine was locked.",
                "Only the payload may send it, before the lock.", 69)
        case .notInstalled:
            ErrorDescription(
                "The manager was not installed completely at boot.",
                "Read the payload's lines on the console.", 69)
        case .noManager:
            ErrorDescription(
                "Nothing answered the SMI.",
                "Boot a ROM that holds the security manager; see the console at boot.", 69)
        case .againLater:
            ErrorDescription(
                "Another core held the manager's lock, and did not let go within the time that a core waits.",
                "Repeat the command; if it stays, a core was lost: restart the machine.", 69)
        case .eventPending:
            ErrorDescription(
                "The guest has not taken the interrupt that it was given before.",
                "Give the next one when RUN says that nothing is pending.", 69)
        case .noSuchCore:
            ErrorDescription(
                "The manager knows no core with this local APIC identifier, or it is the calling core itself.",
                "Name another core that was there at boot; `sice run --core N` takes Linux's CPU numbers.", 69
            )
        case .coreBusy:
            ErrorDescription(
                "The core is already given to an environment.",
                "Choose another core, or `sice stop` the environment that has it.", 69)
        case .coreUnreachable:
            ErrorDescription(
                "The calling core's local APIC is disabled or not at 0xFEE00000, so it cannot signal another core.",
                "Enable the local APIC in the legacy host (no `nolapic`), and leave its base where reset puts it.",
                69)
        case .requestNotAuthorized:
            ErrorDescription(
                "The request came without the word that its sender writes to the communication area.",
                "Only root of the legacy host may ask the manager: use `sice`.", 69)
        default: .missing
        }
    }
}
