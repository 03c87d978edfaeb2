internal import CorebootFormats
internal import Diagnostics
internal import Reference
internal import SICEABI

/// Counts whether files fit into a ROM.
struct Room {
    /// Header, name and attributes of a file; data and headers are aligned to 64 bytes.
    static let headerSize = 128
    private static let filesToName = 3

    private let needed: Int
    private let free: Int
    private let spare: [ROM.File]

    init(_ rom: ROM, _ files: [CBFSTool.StoredFile]) throws(ToolError) {
        needed = files.reduce(0) { $0 + ($1.content.count + 63) / 64 * 64 + Room.headerSize }
        free = try rom.emptySpaces().reduce(0, +)
        spare = Array(
            try rom.files().filter(Room.isSpare).sorted { $0.size > $1.size }.prefix(Room.filesToName))
    }

    /// Whether coreboot boots without the file: other payloads, option ROMs, pictures, data.
    private static func isSpare(_ file: ROM.File) -> Bool {
        [CBFSType.payload, CBFSType.optionROM, CBFSType.bootSplash, CBFSType.raw].contains(file.type)
            && !file.name.hasPrefix("fallback/") && file.name != "config"
    }

    /// Throws `romNoRoom`, with how much is missing and what may be taken out.
    func require(_ path: String) throws(ToolError) {
        guard needed > free else { return }
        let list = spare.map { "\($0.name) (\($0.size))" }.joined(separator: ", ")
        throw ToolError(
            .romNoRoom,
            "\(path): \(needed) bytes are needed, \(needed - free) are missing; "
                + (list.isEmpty ? "coreboot needs every file of it" : "what coreboot can do without: \(list)")
        )
    }
}
