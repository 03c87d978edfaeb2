internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI
internal import TPM2

/// Sleep (ACPI S3) and wake, which lead through the reset vector while memory keeps its bytes (T01, T34). A machine that
/// is to sleep ends at a reset: whoever goes on was woken.
enum SleepAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                322, .resets, "sleep-and-wake", "T01",
                "a guest's words in the host's memory, or in a new environment, after a wake from S3",
                .sleeps)
        ) { (attempt) in ResetAttacks.run(322, &attempt) { Sleep.enter() } }
        runner.attack(
            Attack(
                323, .resets, "wake-with-another-tpm", "T34",
                "a TPM that the host may start after a wake, or registers and a key of the boot before it",
                .sleeps), anotherTPM)
    }

    /// Asleep without TPM2_Shutdown, behind TPM2_Shutdown(CLEAR), and behind TPM2_Shutdown(STATE).
    private static let sleeps: UInt64 = 3

    private static func anotherTPM(_ attempt: inout Attempt) {
        let progress = Resets(of: 323)
        do throws(ErrorCode) {
            var tpm = SleepingTPM(TPMClient(try TISTransport(TPMRegisters())))
            if progress.count > 0 { try tpm.expectNewBoot(&attempt) }
            if progress.count < sleeps, !attempt.isBroken {
                try tpm.remember()
                try tpm.spoil()
                if progress.count > 0 { try tpm.shutdown(state: progress.count == 2) }
                progress.count(attempt.executions)
                Sleep.enter()
                Cores.pause(100_000_000)
                attempt.expect(false, "no-sleep")
            }
        } catch { attempt.failed("tpm", error) }
        progress.forget()
        attempt.expectManager()
    }
}

/// The TPM on both sides of a sleep. What it held before is in memory that a wake leaves.
private struct SleepingTPM: ~Copyable {
    private static let before = WorkMemory.resetMark + 0x100
    private static let keyBefore = before + 0x100
    private static let pcrReset: UInt32 = 0x13D
    private static let shutdown: UInt32 = 0x145

    private var client: TPMClient<TISTransport<TPMRegisters>>

    init(_ client: consuming TPMClient<TISTransport<TPMRegisters>>) { self.client = client }

    private mutating func register(_ pcr: UInt32) throws(ErrorCode) -> InlineArray<32, UInt8> {
        var value = InlineArray<32, UInt8>(repeating: 0)
        var bytes = value.mutableSpan
        try client.readPCR(pcr, into: &bytes)
        return value
    }

    mutating func remember() throws(ErrorCode) {
        for position in 0..<BootMeasurement.quotedPCRs.count {
            let value = try register(BootMeasurement.quotedPCRs[position])
            for index in 0..<32 {
                sice_write8(Self.before + UInt64(position * 32 + index), value[index])
            }
        }
        guard Call(.reportKey, Self.keyBefore).sent().error == 0 else { throw .noManager }
    }

    /// Extends what the boot measured. Only a TPM that started again and measured again forgets that.
    mutating func spoil() throws(ErrorCode) {
        let junk = InlineArray<32, UInt8>(repeating: 0x5A)
        for position in 0..<BootMeasurement.quotedPCRs.count {
            try client.extend(pcr: BootMeasurement.quotedPCRs[position], digest: junk.span)
        }
    }

    mutating func shutdown(state: Bool) throws(ErrorCode) {
        _ = try send(Self.shutdown, state ? 1 : 0)
    }

    mutating func expectNewBoot(_ attempt: inout Attempt) throws(ErrorCode) {
        // The firmware started the TPM: nobody may do it once more, in either way.
        for type: UInt16 in 0..<2 {
            let answer = try send(TPMCommandCode.startup, type)
            attempt.expect(answer == TPMResponseCode.initialize, "started-again", UInt64(answer))
        }
        let startupClear = try client.property(TPMCapability.startupClear)
        attempt.expect(
            startupClear & TPMCapability.platformHierarchyEnabled == 0, "platform-open", UInt64(startupClear))
        for position in 0..<BootMeasurement.quotedPCRs.count {
            try expectMeasured(at: position, &attempt)
        }
        expectNewKey(&attempt)
    }

    /// A register of the boot is what the boot before made of it, but for the one that holds the new report key.
    private mutating func expectMeasured(at position: Int, _ attempt: inout Attempt) throws(ErrorCode) {
        let pcr = BootMeasurement.quotedPCRs[position]
        let value = try register(pcr)
        var isSame = true
        for index in 0..<32 where value[index] != sice_read8(Self.before + UInt64(position * 32 + index)) {
            isSame = false
        }
        let isNew = pcr == BootMeasurement.configurationPCR
        attempt.expect(isSame != isNew, isNew ? "old-key-measured" : "not-measured-anew", UInt64(pcr))
        if pcr >= BootMeasurement.codePCR { attempt.expect(!isZero(value), "unmeasured", UInt64(pcr)) }
        let answer = try reset(pcr)
        attempt.expect(answer != TPMResponseCode.success, "register-reset", UInt64(pcr))
    }

    private func isZero(_ value: InlineArray<32, UInt8>) -> Bool {
        for index in 0..<32 where value[index] != 0 { return false }
        return true
    }

    private func expectNewKey(_ attempt: inout Attempt) {
        let key = WorkMemory.scratch
        attempt.expect(Call(.reportKey, key).sent().error, is: 0, "no-key")
        var isSame = true
        for offset in 0..<UInt64(ABI.publicKeySize)
        where sice_read8(key + offset) != sice_read8(Self.keyBefore + offset) { isSame = false }
        attempt.expect(!isSame, "old-key")
    }

    /// A command whose only parameter is a word. Returns the response code.
    private mutating func send(_ code: UInt32, _ parameter: UInt16) throws(ErrorCode) -> UInt32 {
        var builder = try TPMCommandBuilder(code, in: client.commandBytes)
        try builder.append(parameter)
        let length = try builder.finish()
        return try execute(length)
    }

    private mutating func reset(_ pcr: UInt32) throws(ErrorCode) -> UInt32 {
        var builder = try TPMCommandBuilder(Self.pcrReset, tag: TPMTag.sessions, in: client.commandBytes)
        try builder.append(pcr)
        try builder.appendEmptyPassword()
        let length = try builder.finish()
        return try execute(length)
    }

    private mutating func execute(_ length: Int) throws(ErrorCode) -> UInt32 {
        do { _ = try client.execute(length) } catch {
            guard error == .tpmCommandFailed else { throw error }
            return client.lastResponseCode
        }
        return TPMResponseCode.success
    }
}

/// ACPI sleep S3 with a clock's alarm every second (ICH9 datasheet, 13.8.3; MC146818).
enum Sleep {
    static func enter() {
        setClock(0x0B, clock(0x0B) | 0x20)  // alarm interrupt
        for alarm: UInt8 in 0..<3 { setClock(alarm * 2 + 1, 0xC0) }  // any second, minute, hour
        awaitAlarm()
        let bridge = PCIFunction.lpcBridge
        bridge.write8(0x44, 0x80)  // ACPI registers on
        let base = UInt16(truncatingIfNeeded: bridge.read32(0x40) & 0xFF80)
        sice_out16(base, 0xFFFF)  // old events
        sice_out16(base + 2, 1 << 10)  // the clock wakes
        sice_out16(base + 4, 1 << 13 | 1 << 10)  // sleep, S3 as the chipset numbers it
    }

    /// Right behind an alarm: one that came before the machine sleeps would wake nobody, and no other follows it.
    private static func awaitAlarm() {
        for _ in 0..<20_000_000 {
            if clock(0x0C) & 0x20 != 0 { return }
        }
    }

    private static func clock(_ register: UInt8) -> UInt8 {
        sice_out8(0x70, register)
        return sice_in8(0x71)
    }

    private static func setClock(_ register: UInt8, _ value: UInt8) {
        sice_out8(0x70, register)
        sice_out8(0x71, value)
    }
}
