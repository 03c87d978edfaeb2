internal import CMachine
internal import CorebootFormats
internal import Firmware
internal import FirmwareTables
internal import SICEABI

/// Takes what an operating system still needs out of memory that becomes SMRAM.
///
/// A coreboot build without SMM keeps its tables at the very top of RAM, where TSEG has to go; as soon as TSEG
/// decodes they read as all ones. ACPI tables hold addresses of each other, so they are made again by QEMU's
/// loader script; SMBIOS and the parts of CBMEM hold none and are copied.
struct TableMove {
    /// The new ACPI root.
    let root: ACPIRoot
    let areas: MovedAreas

    /// Throws `bootNoACPI` when the tables cannot be made again, `bootNoMemory` when something has no room.
    init(_ table: CorebootTable, out smram: MemoryRange, into block: ReservedBlock) throws(ErrorCode) {
        clearMemory(at: block.acpiTables.base, count: block.tables.end - block.acpiTables.base)
        var areas = try Self.copyAreas(of: table, out: smram, into: block.areas)
        root = try Self.installACPI(in: block)
        areas.rootPointer = root.pointer
        self.areas = areas
        try Self.moveSMBIOS(out: smram, into: block.smbios)
    }

    private static func copyAreas(
        of table: CorebootTable, out smram: MemoryRange, into room: MemoryRange
    ) throws(ErrorCode) -> MovedAreas {
        var moved = MovedAreas(gone: smram)
        var next = room.base
        for index in 0..<table.areaCount {
            let area = table.areas[index]
            // An area that does not fit is left behind, and its record with it.
            guard area.base >= smram.base, area.end <= smram.end, area.size <= room.end - next else {
                continue
            }
            copyMemory(from: area.base, to: next, count: area.size)
            try moved.append(area, copy: next)
            next = min((next + area.size + 63) & ~63, room.end)
        }
        return moved
    }

    /// The new tables, with a root in the block, where boot loaders look, and one in low memory, where operating
    /// systems do. The old roots go: the first one found counts.
    private static func installACPI(in block: ReservedBlock) throws(ErrorCode) -> ACPIRoot {
        let tables = block.acpiTables
        let pointer = try QEMUTables.install(
            in: tables.base..<tables.end, root: block.acpiRoot.base..<block.acpiRoot.end,
            scratch: WorkMemory.file.base)
        var window = TableWindow()
        while let old = ACPIRoot.first(in: ACPIRoot.searchRange, window) { try old.erase(&window) }
        let root = try ACPIRoot(at: pointer, window)
        _ = try root.copy(to: LowMemory.acpiRoot, &window)
        return root
    }

    /// Copies the structure tables of every anchor in low memory, and the anchor behind its table for boot loaders.
    private static func moveSMBIOS(out smram: MemoryRange, into room: MemoryRange) throws(ErrorCode) {
        var window = TableWindow()
        var next = room.base
        var search = SMBIOSAnchor.searchRange
        while let anchor = SMBIOSAnchor.first(in: search, window) {
            search = (anchor.pointer + 16)..<search.upperBound
            guard anchor.table >= smram.base, anchor.table < smram.end else { continue }
            let size = UInt64(anchor.size)
            guard size <= smram.end - anchor.table, size + 64 <= room.end - next else { throw .bootNoMemory }
            copyMemory(from: anchor.table, to: next, count: size)
            try anchor.repoint(to: next, &window)
            next = (next + size + 15) & ~15
            copyMemory(from: anchor.pointer, to: next, count: 32)
            next += 32
        }
    }
}
