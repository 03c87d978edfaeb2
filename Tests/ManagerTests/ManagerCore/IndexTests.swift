import ManagerCore
import SICEABI
import Testing

/// Slots and cores: only numbers of rows that there are.
@Suite struct IndexTests {
    @Test func slotsAreTheManagersPlaces() {
        for number in 0..<UInt64(ABI.maximumEnvironments) { #expect(Slot(number)?.index == Int(number)) }
    }

    @Test(arguments: [UInt64(ABI.maximumEnvironments), 0xFF, 1 << 32, .max])
    func reject_slotsThatAreNoPlace(_ number: UInt64) { #expect(Slot(number) == nil) }

    @Test func coresAreTheRowsOfTheTables() {
        for number in 0..<UInt64(ABI.maximumCores) { #expect(CoreIndex(number)?.index == Int(number)) }
    }

    @Test(arguments: [UInt64(ABI.maximumCores), 0xFF, 1 << 32, .max])
    func reject_coresBeyondTheTables(_ number: UInt64) { #expect(CoreIndex(number) == nil) }

    @Test func coreOfAnyNumberIsOfTheTables() {
        for number in [0, 7, 8, 9, UInt32.max] {
            #expect(CoreIndex(remainderOf: number).index == Int(number % 8))
        }
    }
}
