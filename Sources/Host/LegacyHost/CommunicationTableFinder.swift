internal import ByteIO
public import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// The reserved memory that the payload published (``SICEABI/CommunicationArea``).
public struct CommunicationRange: Equatable, Sendable {
    public let base: UInt64
    public let size: UInt64

    /// Looks through the ACPI tables of a Linux system. Throws `noCommunicationArea`, or `permissionDenied`
    /// when the tables cannot be read.
    public init(folder: String = "/sys/firmware/acpi/tables") throws(ToolError) {
        let names: [String]
        do throws(Errno) { names = try FileSystem.names(in: folder) } catch {
            throw ToolError(.noCommunicationArea, "\(folder): \(error)")
        }
        for name in names where name.hasPrefix("UEFI") {
            let table = try InputFile.read(
                folder + "/" + name, limit: 1 << 16, tooLarge: .noCommunicationArea)
            if let range = CommunicationRange(table: table) {
                self = range
                return
            }
        }
        throw ToolError(.noCommunicationArea, folder)
    }

    /// Nil unless the bytes are our table, with a sum of zero (ACPI 6.5 §5.2.6), of a version we speak.
    public init?(table: [UInt8]) {
        typealias Layout = CommunicationArea
        guard table.count == Layout.tableSize, table.reduce(0, &+) == 0,
            table.starts(with: Array("UEFI".utf8))
        else { return nil }
        for index in 0..<16 where table[Layout.tableIdentifier + index] != Layout.tableGUID[index] {
            return nil
        }
        let bytes = table.span
        guard bytes.littleEndian(at: Layout.tableDataOffset, as: UInt16.self) == UInt16(Layout.tableData),
            bytes.littleEndian(at: Layout.dataVersion, as: UInt32.self) == ABI.version,
            bytes.littleEndian(at: Layout.dataPort, as: UInt16.self) == ABI.smiPort,
            bytes[Layout.dataCommand] == ABI.smiCommandByte
        else { return nil }
        base = bytes.littleEndian(at: Layout.dataBase, as: UInt64.self)
        size = bytes.littleEndian(at: Layout.dataSize, as: UInt64.self)
        // The staging part, exchange pages and one window page at least; whole pages; no wrap.
        guard base % ABI.pageSize == 0, size % ABI.pageSize == 0, size >= 64 * ABI.pageSize, size <= 1 << 30,
            base <= UInt64.max - size
        else { return nil }
    }
}
