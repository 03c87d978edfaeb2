import Diagnostics
import Fixtures
import Foundation
import Installation
import MemoryForge
import SICEABI
import StrictJSON
import Testing

@testable import PagingAudit

/// Files that are given to the audit, and what it writes.
@Suite struct AuditInputTests {
    private let path = FileManager.default.temporaryDirectory.appending(
        path: "sice-memory-\(UUID().uuidString)"
    ).path

    /// A file with holes: as long as RAM, and as small as what is written.
    private func file(size: UInt64, _ bytes: [UInt8] = [], at offset: UInt64 = 0) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.truncate(atOffset: size)
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    @Test func reject_whatIsNoMemoryOrManager() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let missing = #expect(throws: ToolError.self) { try MemoryFile("/nonexistent") }
        #expect(missing?.code == .fileMissing)
        try file(size: 100 << 20 | 512)
        let odd = #expect(throws: ToolError.self) { try MemoryFile(path) }
        #expect(odd?.code == .memoryUnusable)
        let text = #expect(throws: ToolError.self) { try ManagerFile(Array("no ELF file".utf8)) }
        #expect(text?.code == .notAnELF)
        let other = #expect(throws: ToolError.self) { try ManagerFile(ELFFixture().bytes) }
        #expect(other?.code == .managerUnusable)
        let place = ManagerFile.FixedMemory(controlBlocks: 0, permissionMap: 0, msrMap: 0x4_C000)
        let machine = try ForgedMachine.sample()
        let outside = #expect(throws: ToolError.self) {
            try ManagerFile(content: machine.manager.content, fixed: place)
        }
        #expect(outside?.code == .managerUnusable)
    }

    /// From 2.75 GiB on, all but the first 2 GiB lies above 4 GiB.
    @Test func addresses_areWhereTheEmulatorHasThem() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        try file(size: 3 << 30, [1, 2, 3, 4], at: 2 << 30 - 2)
        let large = try MemoryFile(path)
        #expect(large.lowEnd == 2 << 30)
        #expect(try large.read(2, at: 2 << 30 - 2) == [1, 2])
        #expect(try large.read(2, at: 4 << 30) == [3, 4])
        for place in [2 << 30 - 1, 3 << 30, 5 << 30 - 1, UInt64.max] as [UInt64] {
            #expect(throws: OutsideMemory(place)) { try large.read(2, at: place) }
        }
        try file(size: 1 << 30, [7], at: 1 << 30 - 1)
        let small = try MemoryFile(path)
        #expect(small.lowEnd == 1 << 30)
        #expect(try small.read(1, at: 1 << 30 - 1) == [7])
        #expect(throws: OutsideMemory(1 << 30)) { try small.read(1, at: 1 << 30) }
    }

    /// A name comes out of the memory, and stays text in the picture.
    @Test func outputs_tellWhatWasFound() throws {
        var machine = try ForgedMachine.sample()
        machine.memory.store(
            Array("<b>&".utf8), at: machine.plan.poolBase + 2 * 4096 + UInt64(ImageLayout.name))
        machine.memory.store([0], at: machine.permissionMap)
        let audit = try PagingAudit(machine.memory, manager: machine.manager)
        let picture = audit.map.svg(findings: audit.findings)
        #expect(picture.contains("slot 0: &lt;b&gt;&amp;le (program)") && !picture.contains("<b>"))
        #expect(picture.contains("stroke=\"#d00000\"") && picture.contains("permission-map, manager"))
        let json = audit.json.text
        #expect(json.contains(#""schema": "sice.audit/1""#) && json.contains(#""rule": "permission-map""#))
        #expect(
            audit.text.contains {
                $0.hasPrefix("FINDING  permission-map  manager  \(hex(machine.permissionMap))")
            })
        #expect(audit.text.contains("           " + AuditRule.permissionMap.meaning))
    }
}
