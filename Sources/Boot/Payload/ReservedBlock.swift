internal import CorebootFormats
internal import SICEABI

/// The memory below TSEG that stays ours: the communication area, and what an OS must not overwrite.
struct ReservedBlock {
    let base: UInt64
    let end: UInt64

    private static let firmwareSize: UInt64 = 2 << 20
    private static let alignment: UInt64 = 2 << 20

    /// Takes the top of the highest free RAM below TSEG. Throws `bootNoMemory`.
    init(_ memory: borrowing MemoryMap, below limit: UInt64) throws(ErrorCode) {
        let size = CommunicationArea.size + Self.firmwareSize
        guard let range = memory.highestRAM(below: limit, size: size + Self.alignment) else {
            throw .bootNoMemory
        }
        base = (range.end - size) & ~(Self.alignment - 1)
        end = range.end
        guard base >= WorkMemory.range.end, base >= range.base else { throw .bootNoMemory }
    }

    var range: MemoryRange { MemoryRange(base: base, size: end - base, type: MemoryType.reserved) }
    /// What the legacy host uses to talk to the manager.
    var communicationBase: UInt64 { base }
    private var firmwareBase: UInt64 { base + CommunicationArea.size }
    /// Where the other cores halt.
    var park: UInt64 { firmwareBase }
    /// The table that names the communication area, and the new root tables.
    var table: UInt64 { firmwareBase + 0x1000 }
    var rootTables: UInt64 { firmwareBase + 0x2000 }
    var rootTablesSize: UInt64 { 0xE000 }
    /// The corrected coreboot table.
    var corebootTable: UInt64 { firmwareBase + 0x1_0000 }
    var corebootTableSize: UInt64 { 0x7_0000 }
    /// What had to move out of TSEG: ACPI tables with the event log, their root, SMBIOS, parts of CBMEM.
    var acpiTables: MemoryRange { part(0x8_0000, 0x10_0000) }
    var acpiRoot: MemoryRange { part(0x18_0000, 0x40) }
    var smbios: MemoryRange { part(0x18_1000, 0xF000) }
    var areas: MemoryRange { part(0x19_0000, 0x7_0000) }
    /// All of this is of the kind that coreboot calls tables: boot loaders search it for roots and anchors.
    var tables: MemoryRange { part(0, Self.firmwareSize) }

    private func part(_ offset: UInt64, _ size: UInt64) -> MemoryRange {
        MemoryRange(base: firmwareBase + offset, size: size, type: MemoryType.tables)
    }
}
