internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// What `probe_read_state` reads.
typealias HostState = InlineArray<30, UInt64>

/// The host's state is the same after 10,000 world switches (invariant I6), while the guest fills every register
/// it can reach with its own values and the host looks like one that runs KVM itself.
enum RegisterCase {
    private static let rounds = 10_000

    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            let image = try GuestImage(at: WorkMemory.image, entry: probe_guest_smash)
            let environment = try Environment(image)
            probe_set_state(WorkMemory.hostSave)
            fillVectors()
            repeatSwitches(environment, &results)
            try peek(&results)
            try environment.destroy()
        } catch {
            results.check("registers", "setup", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// A new guest finds nothing in its registers: neither the host's values nor those of the guest before it.
    private static func peek(_ results: inout Results) throws(ErrorCode) {
        let image = try GuestImage(at: WorkMemory.secondImage, entry: probe_guest_peek)
        let environment = try Environment(image)
        let answer = environment.run()
        results.check(
            "registers", "peekReason", expected: ExitReason.yield.rawValue, found: answer.registers.rbx)
        results.check("registers", "peek", expected: 0, found: answer.registers.rcx)
        try environment.destroy()
    }

    private static func repeatSwitches(_ environment: Environment, _ results: inout Results) {
        var before = HostState(repeating: 0)
        var after = HostState(repeating: 0)
        readState(&before)
        var general: UInt64 = 0
        var system: UInt64 = 0
        var vectors: UInt64 = 0
        var wrongAnswers: UInt64 = 0
        unsafe probe_load_vectors(UnsafePointer(bitPattern: UInt(WorkMemory.vectorsLoaded)))
        for _ in 0..<rounds {
            let call = Call(.run, environment.identifier)
            let answer = call.sent()
            general += answer.changedRegisters(from: call)
            if answer.error != 0 || answer.registers.rbx != ExitReason.yield.rawValue
                || answer.registers.rcx != 0x5A || answer.registers.rdx != 0
            {
                wrongAnswers += 1
            }
            unsafe probe_save_vectors(UnsafeMutablePointer(bitPattern: UInt(WorkMemory.vectorsFound)))
            vectors += vectorDifferences()
            readState(&after)
            for index in 0..<before.count where before[index] != after[index] { system += 1 }
        }
        results.check("registers", "answers", expected: 0, found: wrongAnswers)
        results.check("registers", "general", expected: 0, found: general)
        results.check("registers", "vectors", expected: 0, found: vectors)
        results.check("registers", "system", expected: 0, found: system)
        guard system > 0 else { return }
        for index in 0..<before.count where before[index] != after[index] {
            results.check("registers", "systemIndex", expected: 0xFF, found: UInt64(index))
            results.check("registers", "systemValue", expected: before[index], found: after[index])
        }
    }

    static func readState(_ state: inout HostState) {
        var span = state.mutableSpan
        unsafe span.withUnsafeMutableBufferPointer { (buffer) in unsafe probe_read_state(buffer.baseAddress) }
    }

    /// A pattern in every register of x87, SSE and AVX; control words with valid values.
    static func fillVectors() {
        for offset: UInt64 in 0..<1024 {
            sice_write8(WorkMemory.vectorsLoaded + offset, UInt8(truncatingIfNeeded: offset &* 31 &+ 7))
        }
        let area = WorkMemory.vectorsLoaded
        sice_write64(area, 0x037F)  // control word, no exceptions pending
        sice_write64(area + 8, 0)
        sice_write64(area + 16, 0)
        sice_write32(area + 24, 0x1F80)  // MXCSR
        sice_write32(area + 28, 0xFFFF)
        sice_write32(area + 4, 0xFF)  // all x87 registers in use
        for index: UInt64 in 0..<8 {
            // Ten bytes of a register; the six behind it are reserved and not stored.
            sice_write32(area + 32 + index * 16 + 10, 0)
            sice_write16(area + 32 + index * 16 + 14, 0)
        }
        sice_write64(area + 512, 7)
        for offset in stride(from: UInt64(520), to: 576, by: 8) { sice_write64(area + offset, 0) }
    }

    /// Differing bytes of the registers: x87 and SSE in the legacy area, the AVX halves at 576.
    static func vectorDifferences(found: UInt64 = WorkMemory.vectorsFound) -> UInt64 {
        var different: UInt64 = 0
        for offset in stride(from: UInt64(32), to: 416, by: 8) { different += differs(offset, found) }
        for offset in stride(from: UInt64(576), to: 832, by: 8) { different += differs(offset, found) }
        return different + differs(0, found) + differs(24, found)
    }

    private static func differs(_ offset: UInt64, _ found: UInt64) -> UInt64 {
        sice_read64(WorkMemory.vectorsLoaded + offset) == sice_read64(found + offset)
            ? 0 : 1
    }
}
