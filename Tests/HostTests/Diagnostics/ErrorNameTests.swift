import Diagnostics
import SICEABI
import Testing

@Suite struct ErrorNameTests {
    @Test(arguments: ErrorCode.allCases) func name_readsBack(_ code: ErrorCode) {
        #expect(ErrorCode(name: code.name) == code)
        #expect(ErrorCode(name: String(code.rawValue)) == code)
    }

    @Test(arguments: ["", "SICE-", "SICE-E", "E99", "SICE-E0000", "+104", "1O4", "SICE-E104x"])
    func reject_nameOfNoRow(_ name: String) {
        #expect(ErrorCode(name: name) == nil)
    }

    /// A number that had another meaning once gets no new one.
    @Test(arguments: [601] as [UInt16]) func reject_retiredNumber(_ number: UInt16) {
        #expect(ErrorCode(rawValue: number) == nil)
    }

    @Test(arguments: ErrorCode.allCases) func exitStatus_isDocumented(_ code: ErrorCode) {
        #expect([1, 2, 64, 65, 66, 69, 70, 74].contains(ToolError(code).exitStatus))
    }

    /// The texts stand in one file for each hundred, where the compiler does not miss a row.
    @Test(arguments: ErrorCode.allCases) func text_isThere(_ code: ErrorCode) {
        #expect("\(code.description.summary)" != "This error has no text.")
    }

    @Test func message_namesRowSubjectAndRemedy() {
        let message = ToolError(.fileMissing, "rom.bin").message
        #expect(message.contains("SICE-E0901"))
        #expect(message.contains("rom.bin"))
        #expect(message.contains("Check the path"))
    }
}
