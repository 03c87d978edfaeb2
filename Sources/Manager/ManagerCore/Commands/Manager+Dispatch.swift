import SICEABI

extension Manager where Machine: ~Copyable {
    /// Serves the SMI of a core that was not inside a guest: a command, or the launch that another core ordered.
    ///
    /// Changes `registers` as the command's row says, or only RAX when it fails, or nothing when RAX is not a
    /// request for the manager. A request is one by who may ask: see ``takeRequest(_:_:machine:)``. After ``ManagerStep/enterGuest(slot:)`` nothing is changed yet.
    public mutating func handle(
        _ registers: inout HostRegisters, on core: CoreIndex, machine: inout Machine
    ) -> ManagerStep {
        guard core.index < Int(coreCount) else { return .resumeHost }
        noticeReset(of: core, machine: &machine)
        let isRequest = registers.rax == ABI.requestMagic
        let isAuthorized = isRequest && takeRequest(registers.r8, registers.access, machine: &machine)
        if let step = enterLaunched(on: core, machine: &machine) {
            // Its own request came together with the launch's SMI.
            if isRequest {
                let error = isAuthorized ? ErrorCode.coreBusy : .requestNotAuthorized
                registers.rax = ABI.responseMagic | UInt64(error.rawValue)
            }
            return step
        }
        guard isRequest else { return .resumeHost }
        guard isAuthorized else {
            // Not logged: anybody could fill the log.
            registers.rax = ABI.responseMagic | UInt64(ErrorCode.requestNotAuthorized.rawValue)
            return .resumeHost
        }
        do throws(ErrorCode) {
            return try dispatch(&registers, on: core, machine: &machine)
        } catch {
            // The manager's own tables contradict each other: no answer of it can be trusted any more (I8).
            if error == .managerFault { fail(machine: &machine) }
            logRefusal(error, of: registers, machine: &machine)
            registers.rax = ABI.responseMagic | UInt64(error.rawValue)
            return .resumeHost
        }
    }

    /// Whether the request in these registers was meant by somebody who may ask.
    ///
    /// Registers alone show nothing: any program can load them and wait for an SMI that another core, or a device, raises.
    /// The sender's word in the communication area shows root, and works once. Ring 0 cannot be demanded: `sice` raises
    /// SMIs from user mode.
    private mutating func takeRequest(
        _ word: UInt64, _ access: PortAccess, machine: inout Machine
    ) -> Bool {
        // Zero is what a word that was taken leaves behind.
        guard word != 0, !requestNamesPort || access.isRequest else { return false }
        let number = Int(truncatingIfNeeded: word & (CommunicationArea.requestWordCount &- 1))
        return machine.take(word, at: requestWords.part(at: number &* 8, count: 8))
    }

    private mutating func dispatch(
        _ registers: inout HostRegisters, on core: CoreIndex, machine: inout Machine
    ) throws(ErrorCode) -> ManagerStep {
        guard let command = Command(rawValue: registers.rbx) else { throw .unknownCommand }
        let row = CommandRow.row(of: command)
        guard row.afterFault || !isFaulted else { throw .managerFault }
        try check(row.scope)
        guard let states = row.states else {
            // A handler works on a copy, so that a failure cannot leave half an answer.
            var answer = registers
            try serve(command, &answer, machine: &machine)
            return succeed(&registers, answer)
        }
        let slot = try slot(of: registers.rcx)
        let state = environments[slot].state
        guard states.contains(state) else { throw state == .running ? .environmentBusy : .wrongState }
        // The world switch changes no register before its end and is spared the copy.
        if command == .run { return try run(slot, registers, on: core, machine: &machine) }
        var answer = registers
        if command == .launch {
            try launch(slot, registers, on: core, machine: &machine)
        } else {
            try serve(command, slot, &answer, machine: &machine)
        }
        return succeed(&registers, answer)
    }

    private func succeed(_ registers: inout HostRegisters, _ answer: HostRegisters) -> ManagerStep {
        registers = answer
        registers.rax = ABI.responseMagic
        return .resumeHost
    }

    private mutating func check(_ scope: CommandRow.Scope) throws(ErrorCode) {
        switch scope {
        case .always: return
        case .boot: if isLocked { throw .bootCommandClosed }
        case .locked: if !isLocked { throw .notInstalled }
        }
    }

    /// Commands that name no environment.
    private mutating func serve(
        _ command: Command, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        switch command {
        case .info: info(&registers)
        case .create: try create(&registers, machine: &machine)
        case .reportKey: try copyReportKey(registers, machine: &machine)
        case .readLog: try readLog(&registers, machine: &machine)
        case .logBase: try readLogBase(&registers, machine: &machine)
        case .status: try status(&registers, machine: &machine)
        case .install: try install(registers, machine: &machine)
        case .lock: try lock(machine: &machine)
        default: throw .unknownCommand
        }
    }

    /// Commands on the environment in a slot, which is in a state that the command's row names.
    private mutating func serve(
        _ command: Command, _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        switch command {
        case .load: try load(slot, &registers, machine: &machine)
        case .seal: try seal(slot, &registers, machine: &machine)
        case .attach: try attach(slot, &registers, machine: &machine)
        case .report: try report(slot, &registers, machine: &machine)
        case .stop: try stop(slot, &registers, machine: &machine)
        case .kick: try kick(slot, machine: &machine)
        case .destroy: try destroy(slot, &registers, machine: &machine)
        default: throw .unknownCommand
        }
    }
}
