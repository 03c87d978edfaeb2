import FirmwareTables
import SICEABI
import Testing

@Suite struct ACPIRootTests {
    private let place = SampleTables.free
    private let newTable: UInt64 = 0x7000

    private func insert(_ memory: inout SampleTables, room: UInt64 = 0x1000) throws {
        memory.put(newTable, table("UEFI", [1, 2, 3]))
        var root = try ACPIRoot(at: SampleTables.pointer, memory)
        try root.insert(table: newTable, newMemoryAt: place, size: room, &memory)
    }

    @Test(arguments: [0, 2] as [UInt8]) func findsTables(revision: UInt8) throws {
        let memory = SampleTables(revision: revision)
        let root = try ACPIRoot(at: SampleTables.pointer, memory)
        #expect(try root.find(ACPISignature.tpm2, memory)?.address == SampleTables.tpm2)
        #expect(try root.find(ACPISignature.madt, memory)?.address == SampleTables.madt)
        #expect(try root.find(ACPISignature.uefi, memory) == nil)
    }

    @Test(arguments: [0, 2] as [UInt8]) func insertedTableIsFoundByAllRoots(revision: UInt8) throws {
        var memory = SampleTables(revision: revision)
        try insert(&memory)
        // A fresh look, with every checksum checked.
        let root = try ACPIRoot(at: SampleTables.pointer, memory)
        #expect(root.rsdt == place)
        #expect((root.xsdt != 0) == (revision >= 2))
        #expect(try root.find(ACPISignature.uefi, memory)?.address == newTable)
        #expect(try root.find(ACPISignature.tpm2, memory)?.address == SampleTables.tpm2)
        // The RSDT alone leads there too.
        let last = Int(place) + 36 + 8
        #expect(Array(memory.bytes[last..<(last + 4)]) == little(newTable, 4))
    }

    @Test func searchFindsEveryRoot() throws {
        var memory = SampleTables()
        memory.put(0x230, Array(memory.bytes[0x100..<0x124]))
        memory.put(0x308, Array(memory.bytes[0x100..<0x124]))  // not at a multiple of 16
        memory.put(0x400, Array("RSD PTR ".utf8))  // no checksum
        #expect(ACPIRoot.first(in: 0..<0x1000, memory)?.pointer == SampleTables.pointer)
        #expect(ACPIRoot.first(in: 0x101..<0x1000, memory)?.pointer == 0x230)
        #expect(ACPIRoot.first(in: 0x240..<0x1000, memory) == nil)
    }

    @Test func secondRootGetsItsOwnTables() throws {
        var memory = SampleTables()
        memory.put(newTable, table("UEFI", [1]))
        memory.put(0x230, Array(memory.bytes[0x100..<0x124]))
        var first = try ACPIRoot(at: SampleTables.pointer, memory)
        var second = try ACPIRoot(at: 0x230, memory)
        let free = try first.insert(table: newTable, newMemoryAt: place, size: 0x400, &memory)
        try second.insert(table: newTable, newMemoryAt: free, size: 0x400, &memory)
        for pointer in [SampleTables.pointer, 0x230] {
            let root = try ACPIRoot(at: pointer, memory)
            #expect(try root.find(ACPISignature.uefi, memory)?.address == newTable)
        }
    }

    @Test func oldRootTablesStayAsTheyWere() throws {
        var memory = SampleTables()
        let before = memory.bytes
        try insert(&memory)
        #expect(memory.bytes[0x1000..<0x3000] == before[0x1000..<0x3000])
    }

    @Test func reject_writeProtectedPointer() {
        var memory = SampleTables()
        memory.readOnly = 0..<0x200
        #expect(throws: ErrorCode.bootNoACPI) { try insert(&memory) }
    }

    @Test func reject_rootTablesWithoutRoom() {
        var memory = SampleTables()
        #expect(throws: ErrorCode.bootNoACPI) { try insert(&memory, room: 60) }
    }

    /// Every byte of the pointer and of the tables counts.
    @Test(arguments: [SampleTables.pointer + 3, SampleTables.pointer + 33, SampleTables.xsdt + 20])
    func reject_brokenChecksum(address: UInt64) {
        var memory = SampleTables()
        memory.bytes[Int(address)] ^= 1
        #expect(throws: ErrorCode.bootNoACPI) {
            try ACPIRoot(at: SampleTables.pointer, memory).find(ACPISignature.tpm2, memory)
        }
    }

    @Test(arguments: [0, 35, 0xFFFF_FFFF] as [UInt64]) func reject_tableLength(length: UInt64) {
        var memory = SampleTables()
        memory.put(SampleTables.tpm2 + 4, little(length, 4))
        #expect(throws: ErrorCode.bootNoACPI) {
            try ACPIRoot(at: SampleTables.pointer, memory).find(ACPISignature.tpm2, memory)
        }
    }

    @Test func countsEnabledProcessors() throws {
        var memory = SampleTables()
        let root = try ACPIRoot(at: SampleTables.pointer, memory)
        let madt = try #require(try root.find(ACPISignature.madt, memory))
        #expect(try ProcessorList.count(madt, memory) == 3)
        memory.bytes[Int(SampleTables.madt) + 45] = 0
        #expect(throws: ErrorCode.bootNoACPI) { try ProcessorList.count(madt, memory) }
    }

    @Test func findsTheLogArea() throws {
        let memory = SampleTables()
        let root = try ACPIRoot(at: SampleTables.pointer, memory)
        let area = TPMLogArea(try #require(try root.find(ACPISignature.tpm2, memory)), memory)
        #expect(area?.address == 0x9000)
        #expect(area?.size == 0x1_0000)
    }

    /// Damage anywhere, with checksums set right again where that is easy: nothing may trap or hang.
    @Test func randomTablesNeverTrap() {
        for _ in 0..<500 {
            var memory = SampleTables()
            for table in [SampleTables.xsdt, SampleTables.madt] {
                let offset = table + UInt64.random(in: 4..<80)
                memory.bytes[Int(offset)] = UInt8.random(in: 0...255)
                memory.bytes[Int(table) + 9] = 0
                let length = Int(memory.bytes[Int(table) + 4]) | Int(memory.bytes[Int(table) + 5]) << 8
                let end = min(Int(table) + length, memory.bytes.count)
                memory.bytes[Int(table) + 9] = checksum(Array(memory.bytes[Int(table)..<end]))
            }
            do {
                var root = try ACPIRoot(at: SampleTables.pointer, memory)
                if let madt = try root.find(ACPISignature.madt, memory) {
                    _ = try ProcessorList.count(madt, memory)
                }
                try root.insert(table: newTable, newMemoryAt: place, size: 0x1000, &memory)
            } catch { #expect(error == .bootNoACPI) }
        }
    }
}
