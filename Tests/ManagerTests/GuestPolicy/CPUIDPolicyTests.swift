import GuestPolicy
import Testing

/// The whole policy as a table: what passes of a CPU that has everything. A change shows here.
@Suite struct CPUIDPolicyTests {
    private static let everything = CPUIDAnswer(eax: .max, ebx: .max, ecx: .max, edx: .max)

    private static let table: [(leaf: UInt32, subleaf: UInt32, answer: CPUIDAnswer)] = [
        (0, 0, CPUIDAnswer(eax: 7, ebx: .max, ecx: .max, edx: .max)),
        (1, 0, CPUIDAnswer(eax: .max, ebx: 0xFF00, ecx: 0xC2D8_2203, edx: 0x078A_A97D)),
        (7, 0, CPUIDAnswer(ebx: 0x219C_0789, ecx: 0x4, edx: 0x10)),
        (0x8000_0000, 0, CPUIDAnswer(eax: 0x8000_0008, ebx: .max, ecx: .max, edx: .max)),
        (0x8000_0001, 0, CPUIDAnswer(eax: .max, ecx: 0x1E1, edx: 0x25D2_A97D)),
        (0x8000_0002, 0, everything), (0x8000_0003, 0, everything), (0x8000_0004, 0, everything),
        (0x8000_0005, 0, everything), (0x8000_0006, 0, everything),
        (0x8000_0007, 0, CPUIDAnswer(edx: 0x100)), (0x8000_0008, 0, CPUIDAnswer(eax: .max)),
    ]

    @Test(arguments: table.indices) func row(_ index: Int) {
        let row = Self.table[index]
        let answer = CPUIDPolicy.answer(leaf: row.leaf, subleaf: row.subleaf, hardware: Self.everything)
        #expect(answer == row.answer)
    }

    /// Deny by default: every other leaf says nothing, whatever the hardware says.
    @Test func otherLeavesAreEmpty() {
        let known = Set(Self.table.map(\.leaf))
        let leaves = [0..<0x100, 0x4000_0000..<0x4000_0100, 0x8000_0000..<0x8000_0100].joined()
        for leaf in leaves.map(UInt32.init) where !known.contains(leaf) {
            let answer = CPUIDPolicy.answer(leaf: leaf, subleaf: 0, hardware: Self.everything)
            #expect(answer == CPUIDAnswer(), "leaf \(leaf)")
        }
        for leaf in [0xC000_0000, UInt32.max] {
            #expect(
                CPUIDPolicy.answer(leaf: leaf, subleaf: 0, hardware: Self.everything) == CPUIDAnswer())
        }
        for subleaf in [1, 2, UInt32.max] {
            #expect(
                CPUIDPolicy.answer(leaf: 7, subleaf: subleaf, hardware: Self.everything) == CPUIDAnswer())
        }
    }

    /// Nothing is shown that the hardware has not, but for the hypervisor bit.
    @Test func nothingIsInvented() {
        let empty = CPUIDAnswer()
        for row in Self.table {
            let answer = CPUIDPolicy.answer(leaf: row.leaf, subleaf: row.subleaf, hardware: empty)
            #expect(answer == (row.leaf == 1 ? CPUIDAnswer(ecx: 1 << 31) : empty))
        }
    }

    /// What the guest must not believe to have, by name.
    @Test func hides() {
        let one = CPUIDPolicy.answer(leaf: 1, subleaf: 0, hardware: Self.everything)
        for bit: UInt32 in [3, 5, 12, 17, 21, 24, 26, 27, 28, 29] { #expect(one.ecx & 1 << bit == 0) }
        for bit: UInt32 in [1, 7, 9, 12, 14, 16, 28] { #expect(one.edx & 1 << bit == 0) }
        let structured = CPUIDPolicy.answer(leaf: 7, subleaf: 0, hardware: Self.everything)
        for bit: UInt32 in [1, 5, 16, 25] { #expect(structured.ebx & 1 << bit == 0) }
        for bit: UInt32 in [3, 4, 7, 16, 22] { #expect(structured.ecx & 1 << bit == 0) }
        let extended = CPUIDPolicy.answer(leaf: 0x8000_0001, subleaf: 0, hardware: Self.everything)
        for bit: UInt32 in [2, 3, 10, 12, 15, 23] { #expect(extended.ecx & 1 << bit == 0) }
        for bit: UInt32 in [9, 12, 25, 27] { #expect(extended.edx & 1 << bit == 0) }
    }
}
