import SICEABI
import Testing

@testable import FreshState

@Suite struct StateTableTests {
    /// A vault that is not ours could seal such tables to itself, were its key ever known: they are refused, and nothing traps.
    @Test(
        arguments: [(commit: 0, counter: 0), (0, 1), (3, 0), (3, 4), (3, .max)]
            as [(commit: UInt64, counter: UInt64)])
    func reject_rowOfACommitThatThereWasNot(_ commit: UInt64, _ counter: UInt64) throws {
        #expect(throws: ErrorCode.sealedDataMalformed) { _ = try StateTable(bytes(commit, counter)) }
    }

    @Test(arguments: [1, 3] as [UInt64]) func accept_rowOfACommit(_ counter: UInt64) throws {
        #expect(try StateTable(bytes(3, counter)).count == 1)
    }

    /// A table of one row, at the places that the format says.
    private func bytes(_ commit: UInt64, _ counter: UInt64) -> InlineArray<3904, UInt8> {
        var table = StateTable().bytes
        (table[8], table[64], table[72]) = (1, 1, 0xAB)
        for index in 0..<8 {
            table[16 + index] = UInt8(truncatingIfNeeded: commit >> UInt64(index * 8))
            table[64 + 40 + index] = UInt8(truncatingIfNeeded: counter >> UInt64(index * 8))
        }
        return table
    }
}
