import Fixtures
import IsolatedImage
import SICEABI
import Simulation
import Testing

@testable import ManagerCore

@Suite struct NestedPageTableTests {
    @Test(
        arguments: [
            (Permissions.read, false, false), (Permissions.read | Permissions.write, true, false),
            (Permissions.read | Permissions.execute, false, true),
            (Permissions.read | Permissions.write | Permissions.execute, true, false), (0, false, false),
        ] as [(UInt32, Bool, Bool)])
    func attributes(_ permissions: UInt32, _ isWritable: Bool, _ isExecutable: Bool) {
        let entry = NestedPageTable.attributes(permissions, .bareProgram)
        #expect(entry & 1 == 1 && entry & 4 == 4)
        #expect((entry & 2 != 0) == isWritable && (entry >> 63 == 0) == isExecutable)
        // A kernel may execute what it wrote; nothing else differs.
        let linux = NestedPageTable.attributes(permissions, .linuxGuest)
        #expect(linux == (permissions == 7 ? entry & ~(1 << 63) : entry))
    }

    @Test func reject_mappingOverAnother() throws {
        var machine = SimulatedMachine(poolPages: 8)
        var pool = PagePool(base: MachineLayout.poolBase, count: 8)
        var account = PageAccount(owner: 1)
        try pool.reserve(8, for: &account)
        let root = try pool.take(for: &account, machine: &machine)
        func page(_ physicalAddress: UInt64) -> NestedPage {
            NestedPage(
                physicalAddress: physicalAddress, guestAddress: 0x20_0000, permissions: 1, kind: .bareProgram)
        }
        try NestedPageTable.map(page(0x5000), root: root, pool: &pool, account: &account, machine: &machine)
        #expect(account.owned == 4)
        #expect(throws: ErrorCode.managerFault) {
            try NestedPageTable.map(
                page(0x6000), root: root, pool: &pool, account: &account, machine: &machine)
        }
    }

    /// What is promised for tables is enough for any layout, and exact for images without windows.
    @Test func promiseIsEnough() throws {
        var random = SeededRandom("table pages")
        for _ in 0..<200 {
            let regions = randomRegions(&random)
            let windowCount = regions.count > 1 ? Int.random(in: 0...1, using: &random) : 0
            var image = SampleImage(windows: 0)
            image.regions = Array(regions.dropLast(windowCount))
            image.windows = regions.suffix(windowCount)
            image.entry = image.regions[0].address
            image.regions[0].permissions = SampleImage.readExecute
            image.regions.append(
                ImageRegion(
                    address: ImageLayout.addressLimit - 4096, pages: 1, contentPages: 0,
                    permissions: SampleImage.readWrite))
            image.stackPointer = ImageLayout.addressLimit
            image.pageTableRoot = ImageLayout.addressLimit - 4096
            let page = try image.header()
            let promised = NestedPageTable.pagesNeeded(for: try ImageHeader(validating: page.span))
            var tables: Set<UInt64> = []
            for region in image.regions + image.windows {
                for address in stride(from: region.address, to: region.end, by: 4096) {
                    tables.formUnion([address >> 21 | 1 << 60, address >> 30 | 1 << 61])
                }
            }
            #expect(promised >= UInt64(tables.count + 2))
            if windowCount == 0 { #expect(promised == UInt64(tables.count + 2)) }
        }
    }

    func randomRegions(_ random: inout SeededRandom) -> [ImageRegion] {
        var address: UInt64 = 4096
        return (0..<Int.random(in: 1...8, using: &random)).map { _ in
            let shift = [12, 21, 30, 33].randomElement(using: &random)!
            address += UInt64.random(in: 0...3, using: &random) << UInt64(shift)
            let pages = UInt64.random(in: 1...1200, using: &random)
            defer { address += pages * 4096 }
            return ImageRegion(
                address: address, pages: pages, contentPages: 0, permissions: SampleImage.readWrite)
        }
    }
}
