internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// A mode of the CPU that a host may be in when it raises an SMI (AMD64 APM volume 2, §1.3).
enum HostMode {
    /// Real mode with flat data segments, with and without CR0.WP.
    case real, realWriteProtected
    /// 16-bit and 32-bit protected mode without paging.
    case protected16, protected32
    /// 32-bit paging, PAE paging, and the compatibility mode of long mode.
    case paging, pae, compatibility
    case long, fiveLevels

    static let all: InlineArray<9, HostMode> = [
        .real, .realWriteProtected, .protected16, .protected32, .paging, .pae, .compatibility, .long,
        .fiveLevels,
    ]
    /// Where in ``all`` those are that real mode is, and those without paging.
    static let realModes = 0..<2
    static let unpagedModes = 0..<4
}

/// One trip to a mode and back (modes.S): an SMI raised there, and what the mode's translations show around it.
struct ModeTrip {
    let mode: HostMode
    /// What is read before and after the SMI.
    var target: UInt64
    /// Read before, too, so that the SMI finds the translation there.
    var primes = true
    /// The local APIC's base register during the SMI.
    var interruptController: UInt64 = 0
    /// DR0, DR1 and DR7.
    var breakpoints: (UInt64, UInt64, UInt64) = (0, 0, 0x400)
    var singleStep = false
    /// An NMI waits when the SMI comes. Only hosts in real mode can take it.
    var signals = false

    init(_ mode: HostMode, reading target: UInt64) {
        self.mode = mode
        self.target = target
    }

    struct Outcome {
        let before: UInt64
        let after: UInt64
        /// Handlers of ours that ran with SMM's rights.
        let loot: UInt64
        let nonMaskables: UInt64
    }

    /// Interrupts must be off.
    func take() -> Outcome {
        copyCode()
        store()
        LocalAPIC.nameItself()
        probe_mode_trip()
        return Outcome(
            before: Self.field(PROBE_TRIP_BEFORE), after: Self.field(PROBE_TRIP_AFTER),
            loot: Self.field(PROBE_TRIP_LOOT), nonMaskables: Self.field(PROBE_TRIP_SIGNALS_SEEN))
    }

    private func copyCode() {
        let code = probe_modes_start()
        for offset in 0..<probe_modes_size() {
            sice_write8(UInt64(PROBE_MODES) + offset, sice_read8(code + offset))
        }
        sice_clear_words(UInt64(PROBE_TRIP), UInt64(PROBE_TRIP_SIZE) / 8)
    }

    private func store() {
        let registers = ModeRegisters(mode)
        Self.set(PROBE_TRIP_CR0, registers.cr0)
        Self.set(PROBE_TRIP_CR3, registers.cr3)
        Self.set(PROBE_TRIP_CR4, registers.cr4)
        Self.set(PROBE_TRIP_EFER, registers.efer)
        Self.set(PROBE_TRIP_WIDTH, registers.width)
        Self.set(PROBE_TRIP_TARGET, target)
        Self.set(PROBE_TRIP_PRIMES, primes ? 1 : 0)
        Self.set(PROBE_TRIP_APIC_BASE, interruptController)
        Self.set(PROBE_TRIP_MAGIC_AT, Platform().smramBase + SMRAMLayout.managerOffset)
        Self.set(PROBE_TRIP_BREAKPOINT, breakpoints.0)
        Self.set(PROBE_TRIP_SECOND_BREAKPOINT, breakpoints.1)
        Self.set(PROBE_TRIP_DEBUG_CONTROL, breakpoints.2)
        Self.set(PROBE_TRIP_STEPS, singleStep ? 1 : 0)
        Self.set(PROBE_TRIP_SIGNALS, signals ? 1 : 0)
    }

    private static func set(_ field: Int, _ value: UInt64) {
        sice_write32(UInt64(PROBE_TRIP + field), UInt32(truncatingIfNeeded: value))
    }
    private static func field(_ field: Int) -> UInt64 { UInt64(sice_read32(UInt64(PROBE_TRIP + field))) }
}

/// Control registers of a mode, and its identity-mapped tables.
private struct ModeRegisters {
    var cr0: UInt64 = 0x11
    var cr3: UInt64 = 0
    var cr4: UInt64 = 0
    var efer: UInt64 = 0
    var width: UInt64 = 32

    private static let pagingOn: UInt64 = 0x8001_0011
    private static let longMode: UInt64 = 1 << 8

    init(_ mode: HostMode) {
        switch mode {
        case .real: (cr0, width) = (0x10, 16)
        case .realWriteProtected: (cr0, width) = (0x1_0010, 16)
        case .protected16: width = 16
        case .protected32: break
        case .paging: (cr0, cr3, cr4) = (Self.pagingOn, Self.largePages(), 1 << 4)
        case .pae: (cr0, cr3, cr4) = (Self.pagingOn, Self.directories(), 1 << 5)
        case .compatibility: (cr0, cr3, cr4, efer) = (Self.pagingOn, Self.levels(4), 1 << 5, Self.longMode)
        case .long:
            (cr0, cr3, cr4, efer, width) = (Self.pagingOn, Self.levels(4), 1 << 5, Self.longMode, 64)
        case .fiveLevels:
            (cr0, cr3, efer, width) = (Self.pagingOn, Self.levels(5), Self.longMode, 64)
            cr4 = 1 << 5 | 1 << 12
        }
    }

    private static let tables = WorkMemory.modeTables

    /// 1,024 pages of 4 MiB (CR4.PSE).
    private static func largePages() -> UInt64 {
        for index in UInt64(0)..<1024 {
            sice_write32(tables + index * 4, UInt32(truncatingIfNeeded: index << 22 | 0xE3))
        }
        return tables
    }

    /// Four directories of 2 MiB pages, and the four pointers to them.
    private static func directories() -> UInt64 {
        for index in UInt64(0)..<2048 { sice_write64(tables + index * 8, index << 21 | 0xE3) }
        let pointers = tables + 0x4000
        sice_clear_words(pointers, 512)
        for index in UInt64(0)..<4 { sice_write64(pointers + index * 8, tables + index << 12 | 1) }
        return pointers
    }

    /// Four levels over those directories, or five.
    private static func levels(_ count: Int) -> UInt64 {
        var table = directories()
        for index in UInt64(0)..<4 { sice_write64(table + index * 8, tables + index << 12 | 0x23) }
        for level in 0..<(count - 3) {
            let next = tables + 0x5000 + UInt64(level) << 12
            sice_clear_words(next, 512)
            sice_write64(next, table | 0x23)
            table = next
        }
        return table
    }
}
