import Diagnostics
import FirmwareTables
import Foundation
import LegacyHost
import SICEABI
import Testing

@Suite struct CommunicationTableTests {
    @Test func parse_whatThePayloadWrites() throws {
        let range = try #require(CommunicationRange(table: table(base: 0x7B80_0000, size: 8 << 20)))
        #expect(range.base == 0x7B80_0000)
        #expect(range.size == 8 << 20)
    }

    @Test func reject_anyFlippedBit() throws {
        let good = try table(base: 0x7B80_0000, size: 8 << 20)
        for index in good.indices {
            for bit in 0..<8 {
                var bad = good
                bad[index] ^= 1 << UInt8(bit)
                #expect(CommunicationRange(table: bad) == nil)
            }
        }
    }

    @Test(arguments: [
        (0x7B80_0001, 8 << 20), (0x7B80_0000, 100), (0x7B80_0000, 0), (UInt64.max - 4095, 8 << 20),
    ])
    func reject_areaThatMakesNoSense(_ base: UInt64, _ size: UInt64) throws {
        #expect(CommunicationRange(table: try table(base: base, size: size)) == nil)
    }

    @Test func find_amongOtherTables() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/sice-acpi-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect { _ = try CommunicationRange(folder: folder) } throws: {
            ($0 as? ToolError)?.code == .noCommunicationArea
        }
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder + "/UEFI1"))
        try Data(try table(base: 0x1000_0000, size: 8 << 20)).write(
            to: URL(fileURLWithPath: folder + "/UEFI2"))
        #expect(try CommunicationRange(folder: folder).base == 0x1000_0000)
    }

    @Test func reject_machineWithoutACPI() {
        #expect { _ = try CommunicationRange(folder: "/nonexistent") } throws: {
            ($0 as? ToolError)?.code == .noCommunicationArea
        }
    }

    private func table(base: UInt64, size: UInt64) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: CommunicationArea.tableSize)
        var span = bytes.mutableSpan
        try CommunicationTable.write(base: base, size: size, into: &span)
        return bytes
    }
}
