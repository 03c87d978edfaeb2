internal import CorebootFormats
public import Diagnostics
internal import OpenSSLCrypto
public import Reference
internal import SICEABI

/// A ROM without the security manager, and how it compares with the one that was flashed.
public struct UnflashedROM: Sendable {
    public enum Likeness: Equatable, Sendable {
        /// The same bytes.
        case same
        /// The ROM has no record of what it was: another program or an earlier version put the manager in.
        case unknown
        /// Other files were changed since, or the payload could not be put where it was.
        case otherBytes
        /// Somebody put another payload in the place of ours, which is kept.
        case otherPayload
    }

    public let bytes: [UInt8]
    public let likeness: Likeness
}

extension Flasher {
    /// Takes out what ``flash(_:path:_:)`` put in: those files and no others. The ROM's own payload goes back where it was.
    /// Throws `romNotFlashed`, and what `ROM` throws.
    public func unflash(_ rom: ROM, path: String) throws(ToolError) -> UnflashedROM {
        guard try rom.isFlashed else { throw ToolError(.romNotFlashed, path) }
        let record = try rom.flashRecord
        if let record, try rom.digest(of: ROM.payload) != record.payload {
            return UnflashedROM(bytes: try strip(rom, keeping: ROM.payload), likeness: .otherPayload)
        }
        let bytes = try restore(rom, at: nil)
        guard let before = record?.before else { return UnflashedROM(bytes: bytes, likeness: .unknown) }
        if SHA256.hash(bytes) == before { return UnflashedROM(bytes: bytes, likeness: .same) }
        // It may have had a fixed place or an alignment; where other files are now, there is no way back.
        guard let place = record?.place, let placed = try? restore(rom, at: place) else {
            return UnflashedROM(bytes: bytes, likeness: .otherBytes)
        }
        return UnflashedROM(bytes: placed, likeness: SHA256.hash(placed) == before ? .same : .otherBytes)
    }

    /// - Parameter place: where its content goes, in bytes from the start of the file system; nil for the first room.
    private func restore(_ rom: ROM, at place: UInt64?) throws(ToolError) -> [UInt8] {
        let files = try rom.files()
        let kept = files.first { $0.name == ROM.originalPayload } ?? files.first { $0.name == Flasher.next }
        _ = try strip(rom, keeping: nil)
        if let kept, kept.type == CBFSType.payload {
            try tool.add(rom.stored(kept, as: ROM.payload), at: place)
        }
        return try tool.result()
    }

    private func strip(_ rom: ROM, keeping name: String?) throws(ToolError) -> [UInt8] {
        try tool.load(rom.bytes)
        for file in try rom.files() where file.name != name && ROM.role(of: file.name) != nil {
            try tool.remove(file.name)
        }
        return try tool.result()
    }
}
