internal import CorebootFormats
public import Diagnostics
internal import SICEABI

/// A ROM in coreboot's format: a flash map and a CBFS.
public struct ROM: Sendable {
    /// Names of the flash map's areas that hold the CBFS, and the map itself.
    private static let fileSystemArea = "COREBOOT"
    private static let flashMapArea = "FMAP"
    private static let maximumSize = 64 << 20

    /// The whole flash.
    public let bytes: [UInt8]
    /// For messages.
    public let path: String
    /// Where the CBFS lies in the flash.
    public let fileSystem: Range<Int>
    private let flashMapRange: Range<Int>

    /// Reads a ROM. Throws `fileMissing`, `romUnreadable` when it is too large, and what ``init(_:path:)`` throws.
    public init(_ path: String) throws(ToolError) { try self.init(reading: InputFile(path)) }

    /// The same for an open file.
    public init(reading file: borrowing InputFile) throws(ToolError) {
        let bytes = try file.readRest(limit: ROM.maximumSize, tooLarge: .romUnreadable)
        try self.init(bytes, path: file.name)
    }

    /// Looks for the flash map and the areas that it names.
    ///
    /// - Parameter path: for messages.
    /// - Throws: `romNoFlashMap`, `romTruncated`, `romOversized`, `romNoFileSystem`, `romAreaOutside`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        self.bytes = bytes
        self.path = path
        guard let map = ROM.findFlashMap(bytes) else { throw ToolError(.romNoFlashMap, path) }
        let areas = Areas(bytes: bytes, map: map, path: path)
        try areas.requireWholeFlash()
        fileSystem = try areas.find(ROM.fileSystemArea, otherwise: .romNoFileSystem)
        flashMapRange = try areas.find(ROM.flashMapArea, otherwise: .romNoFlashMap)
    }

    /// Flash maps start on a boundary of 64 bytes. The signature may stand elsewhere, too, in code that looks for it or in
    /// a copy of a map; coreboot's own is the one that says where it lies.
    private static func findFlashMap(_ bytes: [UInt8]) -> Int? {
        let signature = Array("__FMAP__".utf8)
        var plausible: Int?
        for offset in stride(from: 0, to: max(0, bytes.count - FlashMap.headerSize), by: 64) {
            guard bytes[offset] == signature[0],
                bytes[offset..<(offset + signature.count)].elementsEqual(signature)
            else { continue }
            let candidate = bytes.span.extracting(offset..<bytes.count)
            guard FlashMap.isPlausible(candidate, flashLimit: UInt32(ROM.maximumSize)) else { continue }
            if FlashMap.names(ownOffset: offset, in: candidate) { return offset }
            plausible = plausible ?? offset
        }
        return plausible
    }

    /// The flash map's own area, all of which coreboot measures.
    var flashMap: [UInt8] { Array(bytes[flashMapRange]) }
}

/// The areas that a flash map names.
private struct Areas {
    let bytes: [UInt8]
    let map: Int
    let path: String

    func requireWholeFlash() throws(ToolError) {
        let size: Int
        do throws(ErrorCode) {
            size = Int(try FlashMap.flashSize(bytes.span.extracting(map..<bytes.count)))
        } catch {
            throw ToolError(.romNoFlashMap, path)
        }
        guard bytes.count >= size else {
            throw ToolError(.romTruncated, "\(path): \(bytes.count) of \(size) bytes")
        }
        guard bytes.count == size else {
            throw ToolError(.romOversized, "\(path): \(bytes.count) bytes, the flash map says \(size)")
        }
    }

    func find(_ name: String, otherwise missing: ErrorCode) throws(ToolError) -> Range<Int> {
        let text = Array(name.utf8)
        let flashMap = bytes.span.extracting(map..<bytes.count)
        let isNamed: Bool
        do throws(ErrorCode) { isNamed = try FlashMap.contains(text.span, in: flashMap) } catch {
            throw ToolError(.romNoFlashMap, path)
        }
        guard isNamed else { throw ToolError(missing, "\(path): the flash map names no area \(name)") }
        do throws(ErrorCode) {
            let area = try FlashMap.find(text.span, in: flashMap)
            return Int(area.offset)..<(Int(area.offset) + Int(area.size))
        } catch { throw ToolError(.romAreaOutside, "\(path): \(name)") }
    }
}
