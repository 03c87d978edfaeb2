internal import CMachine
internal import CProbe
internal import SICEABI

/// One stay in virtual-8086 mode (virtual8086.S): an SMI raised there, what the mode's translations show around it, and the
/// mode's state behind it.
struct VirtualTrip {
    /// With 32-bit paging, through which the task reaches ``target`` and the local APIC; without, it keeps all of RAX and R8.
    var paged = true
    /// CR4.VME.
    var extended = false
    /// EFLAGS.IOPL. Port 0xB2 is allowed by the task's I/O bitmap, which counts here whatever this is.
    var ioPrivilege: UInt64 = 3
    var target: UInt64 = 0
    var primes = false
    /// An NMI waits when the SMI comes.
    var signals = false
    var singleStep = false
    /// DR0, DR1 and DR7.
    var breakpoints: (UInt64, UInt64, UInt64) = (0, 0, 0x400)
    /// At the SMI; RBX and R8 too.
    var rax: UInt64 = 0xC5
    var rbx: UInt64 = 0
    var r8: UInt64 = 0

    struct Outcome {
        let before = VirtualTrip.field(UInt64(PROBE_VIRTUAL_BEFORE))
        let after = VirtualTrip.field(UInt64(PROBE_VIRTUAL_AFTER))
        let loot = VirtualTrip.field(UInt64(PROBE_VIRTUAL_LOOT))
        let nonMaskables = VirtualTrip.field(UInt64(PROBE_VIRTUAL_NMIS))
        let steps = VirtualTrip.field(UInt64(PROBE_VIRTUAL_STEPS))
        /// Behind the SMI.
        let eax = VirtualTrip.field(UInt64(PROBE_VIRTUAL_EAX))
        let ebx = VirtualTrip.field(UInt64(PROBE_VIRTUAL_EBX))
        let edx = VirtualTrip.field(UInt64(PROBE_VIRTUAL_EDX))
        let edi = VirtualTrip.field(UInt64(PROBE_VIRTUAL_EDI))
        /// Words of the task's state at its end that an SMI must not change, and differ from what they were.
        let wrongState: UInt64
    }

    /// EDX and EDI at the SMI.
    static let edx: UInt64 = 0x1357_2468
    static let edi: UInt64 = 0x2468_1357

    private static let task = UInt64(PROBE_VIRTUAL_TASK)
    private static let table = UInt64(PROBE_VIRTUAL_TABLE)
    private static let segment = UInt64(PROBE_VIRTUAL) >> 4
    /// Bytes of a task state, of the bitmap of software interrupts, of that of ports (AMD64 APM volume 2, §12.2.4).
    private static let stateSize: UInt64 = 104
    private static let portMap = stateSize + 32

    private var flags: UInt64 { 1 << 17 | ioPrivilege << 12 | (singleStep ? 1 << 8 : 0) | 2 }

    /// Interrupts must be off.
    func take() -> Outcome {
        let code = probe_virtual_start()
        for offset in 0..<probe_virtual_size() {
            sice_write8(UInt64(PROBE_VIRTUAL) + offset, sice_read8(code + offset))
        }
        sice_clear_words(UInt64(PROBE_VIRTUAL_TRIP), UInt64(PROBE_VIRTUAL_SIZE) / 8)
        writeTask()
        writeTable()
        if paged { writePages() }
        store()
        LocalAPIC.nameItself()
        probe_virtual_trip()
        return Outcome(wrongState: wrongState())
    }

    private static func entry(_ index: UInt64) -> UInt64 {
        UInt64(sice_read32(probe_virtual_entries() + index * 4))
    }

    /// A stack for ring 0, and no port but the one that raises SMIs.
    private func writeTask() {
        sice_clear_words(Self.task, Self.portMap / 8)
        sice_write32(Self.task + 4, UInt32(PROBE_VIRTUAL_TASK + 0x3FF0))
        sice_write32(Self.task + 8, 0x10)
        sice_write16(Self.task + 102, UInt16(Self.portMap))
        for byte in 0...UInt64(8192) { sice_write8(Self.task + Self.portMap + byte, 0xFF) }
        sice_write8(Self.task + Self.portMap + 0xB2 / 8, 0xFF & ~(1 << (0xB2 % 8)))
    }

    /// Real mode's entries, four bytes each, then over them the three gates that the task needs, eight bytes each.
    private func writeTable() {
        for vector: UInt64 in 0..<64 {
            sice_write32(Self.table + vector * 4, UInt32(Self.segment << 16 | Self.entry(3)))
        }
        let gates: InlineArray<3, UInt64> = [1, 2, 13]
        for index in gates.indices {
            let handler = UInt64(PROBE_VIRTUAL) + Self.entry(UInt64(index))
            let low = handler & 0xFFFF | 0x18 << 16
            sice_write64(
                Self.table + gates[index] * 8, low | 0x8E00 << 32 | (handler >> 16) << 48)
        }
    }

    /// The first 4 MiB as they are, but for two pages.
    private func writePages() {
        let directory = WorkMemory.modeTables
        sice_clear_words(directory, 512)
        sice_write32(directory, UInt32(truncatingIfNeeded: directory + 4096) | 7)
        for page: UInt64 in 0..<1024 {
            sice_write32(directory + 4096 + page * 4, UInt32(truncatingIfNeeded: page << 12 | 7))
        }
        let window = directory + 4096 + UInt64(PROBE_VIRTUAL_WINDOW) >> 12 * 4
        sice_write32(window, UInt32(truncatingIfNeeded: target & ~0xFFF | 7))
        sice_write32(window + 4, 0xFEE0_0017)
    }

    private func store() {
        Self.set(PROBE_VIRTUAL_CR3, WorkMemory.modeTables)
        Self.set(PROBE_VIRTUAL_CR4, extended ? 1 : 0)
        Self.set(PROBE_VIRTUAL_PAGED, paged ? 1 : 0)
        Self.set(PROBE_VIRTUAL_FLAGS, flags)
        Self.set(PROBE_VIRTUAL_PRIMES, primes ? 1 : 0)
        Self.set(PROBE_VIRTUAL_SIGNALS, signals ? 1 : 0)
        Self.set(PROBE_VIRTUAL_OFFSET, target & 0xFFF)
        Self.set(PROBE_VIRTUAL_BREAKPOINT, breakpoints.0)
        Self.set(PROBE_VIRTUAL_SECOND_BREAKPOINT, breakpoints.1)
        Self.set(PROBE_VIRTUAL_DEBUG_CONTROL, breakpoints.2)
        Self.set(PROBE_VIRTUAL_MAGIC_AT, Platform.found.smramBase + SMRAMLayout.managerOffset)
        Self.set(PROBE_VIRTUAL_BEFORE, 0xFFFF_FFFF)
        sice_write64(UInt64(PROBE_VIRTUAL_TRIP + PROBE_VIRTUAL_RAX), rax)
        sice_write64(UInt64(PROBE_VIRTUAL_TRIP + PROBE_VIRTUAL_RBX), rbx)
        sice_write64(UInt64(PROBE_VIRTUAL_TRIP + PROBE_VIRTUAL_R8), r8)
    }

    private static func set(_ field: Int32, _ value: UInt64) {
        sice_write32(UInt64(PROBE_VIRTUAL_TRIP + field), UInt32(truncatingIfNeeded: value))
    }
    fileprivate static func field(_ field: UInt64) -> UInt64 {
        UInt64(sice_read32(UInt64(PROBE_VIRTUAL_TRIP) + field))
    }

    /// Instruction pointer, selectors, stack pointer, and of the flags VM, IOPL and TF.
    private func wrongState() -> UInt64 {
        let segment = Self.segment
        let expected: InlineArray<9, UInt64> = [
            Self.entry(4), segment, flags & ~2, 0xFF0, segment, UInt64(PROBE_VIRTUAL_TRIP) >> 4,
            UInt64(PROBE_VIRTUAL_WINDOW) >> 4, 0x1234, 0x4321,
        ]
        var wrong: UInt64 = 0
        for index in expected.indices {
            var found = Self.field(UInt64(PROBE_VIRTUAL_FRAME) + UInt64(index) * 4)
            if index == 2 { found &= 0x2_3100 }
            if found != expected[index] { wrong |= 1 << UInt64(index) }
        }
        return wrong
    }
}
