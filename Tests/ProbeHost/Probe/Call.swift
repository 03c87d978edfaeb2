internal import CMachine
internal import CProbe
internal import SICEABI

/// One command to the manager and what came back.
struct Call {
    var registers = probe_registers()

    /// A command with its arguments and a request word; every other register holds a value of its own.
    init(_ command: UInt64, _ rcx: UInt64 = 0, _ rdx: UInt64 = 0, _ rsi: UInt64 = 0, _ rdi: UInt64 = 0) {
        registers.rax = ABI.requestMagic
        registers.rbx = command
        registers.rcx = rcx
        registers.rdx = rdx
        registers.rsi = rsi
        registers.rdi = rdi
        registers.rbp = 0xB0B0_0000_0000_0001
        registers.r8 = RequestWord.fresh()
        registers.r9 = 0x0909_0909_0909_0909
        registers.r10 = 0x1010_1010_1010_1010
        registers.r11 = 0x1111_1111_1111_1111
        registers.r12 = 0x1212_1212_1212_1212
        registers.r13 = 0x1313_1313_1313_1313
        registers.r14 = 0x1414_1414_1414_1414
        registers.r15 = 0x1515_1515_1515_1515
    }

    init(
        _ command: Command, _ rcx: UInt64 = 0, _ rdx: UInt64 = 0, _ rsi: UInt64 = 0, _ rdi: UInt64 = 0
    ) {
        self.init(command.rawValue, rcx, rdx, rsi, rdi)
    }

    /// Issues the command, with its word. Another core may overwrite that; then the command was refused and is issued
    /// again, with a new word: with the same one two cores could take each other's place for ever.
    mutating func send() {
        let request = registers.rax
        let first = registers.r8
        var word = first
        for _ in 0..<16 {
            registers.rax = request
            registers.r8 = word
            RequestWord.store(word)
            unsafe probe_command(&registers)
            guard error == UInt64(ErrorCode.requestNotAuthorized.rawValue) else { break }
            word = RequestWord.fresh()
        }
        // No command changes R8: who compares finds the word that he gave.
        if registers.r8 == word { registers.r8 = first }
    }

    /// Issues the command with R8 as it is, and writes no word.
    consuming func sentWithoutWord() -> Call {
        var call = self
        unsafe probe_command(&call.registers)
        return call
    }

    /// Holds the command in the registers until an SMI of somebody else comes.
    mutating func hold() {
        unsafe probe_wait(&registers)
    }

    /// The same, for a command whose answer is a chain of calls.
    consuming func sent() -> Call {
        var call = self
        call.send()
        return call
    }

    /// The error that the manager answered with, 0 for success; ``noAnswer`` when RAX is no answer at all.
    var error: UInt64 {
        registers.rax & ~0xFFFF == ABI.responseMagic ? registers.rax & 0xFFFF : Self.noAnswer
    }

    /// Nobody answered.
    static let noAnswer: UInt64 = 0xFFFF_FFFF

    /// How many of the registers that no command changes differ from `before`.
    func changedRegisters(from before: Call) -> UInt64 {
        let old = before.registers
        var changed: UInt64 = 0
        if registers.rsi != old.rsi { changed += 1 }
        if registers.rdi != old.rdi { changed += 1 }
        return changed + changedHighRegisters(from: old)
    }

    /// How many registers differ at all, RAX aside: after an error none may.
    func changedRegistersAfterError(from before: Call) -> UInt64 {
        let old = before.registers
        var changed = changedRegisters(from: before)
        if registers.rbx != old.rbx { changed += 1 }
        if registers.rcx != old.rcx { changed += 1 }
        if registers.rdx != old.rdx { changed += 1 }
        return changed
    }

    func changedHighRegisters(from old: probe_registers) -> UInt64 {
        var changed: UInt64 = 0
        if registers.rbp != old.rbp { changed += 1 }
        if registers.r8 != old.r8 { changed += 1 }
        if registers.r9 != old.r9 { changed += 1 }
        if registers.r10 != old.r10 { changed += 1 }
        if registers.r11 != old.r11 { changed += 1 }
        if registers.r12 != old.r12 { changed += 1 }
        if registers.r13 != old.r13 { changed += 1 }
        if registers.r14 != old.r14 { changed += 1 }
        if registers.r15 != old.r15 { changed += 1 }
        return changed
    }
}

extension Results {
    /// The same for a command whose word is as the test left it.
    mutating func refusedWithoutWord(_ part: StaticString, _ call: Call) {
        let answer = call.sentWithoutWord()
        check(
            "request", part, expected: UInt64(ErrorCode.requestNotAuthorized.rawValue), found: answer.error)
        check("request", "registers", expected: 0, found: answer.changedRegistersAfterError(from: call))
    }

    /// Sends a command that must be refused with exactly this error, and change nothing but RAX.
    mutating func refused(
        _ name: StaticString, _ part: StaticString, _ call: Call, _ error: ErrorCode
    ) {
        let answer = call.sent()
        check(name, part, expected: UInt64(error.rawValue), found: answer.error)
        if answer.changedRegistersAfterError(from: call) != 0 {
            check(name, "registers", expected: 0, found: answer.changedRegistersAfterError(from: call))
        }
    }
}
