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
    private let largest: [ROM.File]

    init(_ rom: ROM, _ files: [CBFSTool.StoredFile]) throws(ToolError) {
        needed = files.reduce(0) { $0 + ($1.content.count + 63) / 64 * 64 + Room.headerSize }
        free = try rom.emptySpaces().reduce(0, +)
        largest = Array(try rom.files().sorted { $0.size > $1.size }.prefix(Room.filesToName))
    }

    /// Throws `romNoRoom`, with how much is missing and what takes most.
    func require(_ path: String) throws(ToolError) {
        guard needed > free else { return }
        let list = largest.map { "\($0.name) (\($0.size))" }.joined(separator: ", ")
        throw ToolError(
            .romNoRoom,
            "\(path): \(needed) bytes are needed, \(needed - free) are missing; largest files: \(list)")
    }
}
