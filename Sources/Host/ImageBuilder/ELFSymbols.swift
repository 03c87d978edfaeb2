internal import ByteIO
public import Diagnostics
internal import SICEABI

/// The symbol table of a 64-bit ELF file, little-endian: names and values (System V ABI, "Symbol Table").
public struct ELFSymbols: Equatable, Sendable {
    private var values: [String: UInt64] = [:]

    /// More than any program of the project has.
    private static let maximumCount = 1 << 20
    /// Bytes of a section header and of a symbol; the type of a symbol table.
    private static let headerSize = 64
    private static let symbolSize = 24
    private static let symbolTable: UInt32 = 2

    /// The value of a symbol; of two with one name, the one that stands later in the file.
    public subscript(_ name: String) -> UInt64? { values[name] }

    /// Reads all symbol tables of a file that ``ELFProgram`` takes. Throws `elfTruncated`.
    public init(_ file: [UInt8]) throws(ToolError) {
        guard file.count >= 64 else { throw ToolError(.elfTruncated, "file header") }
        let start = file.span.littleEndian(at: 0x28, as: UInt64.self)
        let count = Int(file.span.littleEndian(at: 0x3C, as: UInt16.self))
        let headers = try Self.part(file, start, UInt64(count * Self.headerSize), "section headers")
        for index in 0..<count {
            let header = Array(headers.dropFirst(index * Self.headerSize).prefix(Self.headerSize))
            guard header.span.littleEndian(at: 4, as: UInt32.self) == Self.symbolTable else { continue }
            let link = Int(header.span.littleEndian(at: 0x28, as: UInt32.self))
            guard link < count else { throw ToolError(.elfTruncated, "names of symbols") }
            let names = Array(headers.dropFirst(link * Self.headerSize).prefix(Self.headerSize))
            try add(
                Self.content(file, header, "symbol table"), Self.content(file, names, "names of symbols"))
        }
    }

    private mutating func add(_ table: [UInt8], _ names: [UInt8]) throws(ToolError) {
        let count = table.count / Self.symbolSize
        guard count <= Self.maximumCount else { throw ToolError(.elfTruncated, "symbol table") }
        for start in stride(from: 0, to: count * Self.symbolSize, by: Self.symbolSize) {
            let section = table.span.littleEndian(at: start + 6, as: UInt16.self)
            let name = Int(table.span.littleEndian(at: start, as: UInt32.self))
            // Undefined, and without a name.
            guard section != 0, name != 0, name < names.count else { continue }
            let text = names[name...].prefix(Self.longestName).prefix { $0 != 0 }
            values[String(decoding: text, as: UTF8.self)] =
                table.span.littleEndian(at: start + 8, as: UInt64.self)
        }
    }

    /// Of longer ones the start serves: many symbols may share one name that is as long as the file.
    private static let longestName = 256

    private static func content(
        _ file: [UInt8], _ header: [UInt8], _ what: String
    ) throws(ToolError) -> [UInt8] {
        try part(
            file, header.span.littleEndian(at: 0x18, as: UInt64.self),
            header.span.littleEndian(at: 0x20, as: UInt64.self), what)
    }

    private static func part(
        _ file: [UInt8], _ start: UInt64, _ size: UInt64, _ what: String
    ) throws(ToolError) -> [UInt8] {
        guard start <= UInt64(file.count), size <= UInt64(file.count) - start else {
            throw ToolError(.elfTruncated, what)
        }
        return Array(file[Int(start)..<Int(start + size)])
    }
}
