import CorebootFormats
import Foundation

/// How a ROM treats TSEG: the payload must refuse the same things either way.
enum ROMKind: CaseIterable {
    /// It leaves TSEG free, as a coreboot build with SMM does.
    case carvesOut
    /// Its tables lie where TSEG goes, as in a coreboot build without SMM.
    case tablesOnTop

    var options: [String] { self == .tablesOnTop ? ["--tables-on-top"] : [] }
}

/// A ROM in which something is changed after it was assembled.
struct ChangedROM {
    private(set) var bytes: [UInt8]

    init(_ options: [String] = Artefacts.standardOptions) throws {
        bytes = [UInt8](try Data(contentsOf: try Artefacts.assemble(options)))
    }

    /// Where a file's content lies.
    func location(_ name: String) throws -> Range<Int> { try MeasurementTests.location(name, in: bytes) }

    /// Where a file's header starts.
    func header(_ name: String) throws -> Int {
        let content = try location(name).lowerBound
        let magic = Array("LARCHIVE".utf8)
        let start = stride(from: content / 64 * 64, through: 0, by: -64).first {
            Array(bytes[$0..<($0 + magic.count)]) == magic
        }
        guard let start else { throw HarnessError.unreadable(name) }
        return start
    }

    /// Stores an integer, most significant byte first as everything in a CBFS.
    mutating func store<T: FixedWidthInteger>(_ value: T, at offset: Int) {
        let field = (0..<(T.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
        bytes.replaceSubrange(offset..<(offset + field.count), with: field)
    }

    func word(at offset: Int) -> UInt32 { bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) } }

    /// Changes one byte.
    mutating func flip(_ offset: Int, by mask: UInt8 = 1) { bytes[offset] ^= mask }

    /// The ROM as a file that lives as long as the test process.
    func write() throws -> URL {
        let rom = Artefacts.temporary.appending(path: "\(UUID().uuidString).rom")
        try Data(bytes).write(to: rom)
        return rom
    }
}
