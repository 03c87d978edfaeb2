import Diagnostics
import Foundation
import SICEABI
import Testing

/// Two files that are of use only together.
@Suite struct OutputPairTests {
    let folder = FileManager.default.temporaryDirectory.appending(path: "sice-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
    }

    /// Writes "a2" and "b2"; `change` is what happens before they get their names.
    private func replace(_ change: () throws -> Void = {}) throws -> ErrorCode? {
        let a = try OutputFile(folder + "/a")
        let b = try OutputFile(folder + "/b")
        try a.write(Array("a2".utf8))
        try b.write(Array("b2".utf8))
        try change()
        do throws(ToolError) { try OutputFile.commit(a, b) } catch { return error.code }
        return nil
    }

    private func text(_ name: String) throws -> String {
        String(decoding: try InputFile.read("\(folder)/\(name)"), as: UTF8.self)
    }

    @Test(arguments: [true, false]) func both_whetherThereWereSomeOrNot(_ areThere: Bool) throws {
        if areThere { for name in ["a", "b"] { try OutputFile.write([0x31], to: "\(folder)/\(name)") } }
        #expect(try replace() == nil)
        #expect(try names == ["a", "b"])
        #expect(try text("a") == "a2" && text("b") == "b2")
    }

    /// The second one's name becomes a folder's meanwhile: the first one gives its name back.
    @Test(arguments: [true, false]) func neither_whenTheSecondCannotBeHad(_ isThere: Bool) throws {
        if isThere { try OutputFile.write(Array("a1".utf8), to: folder + "/a") }
        let error = try replace {
            try FileManager.default.createDirectory(
                atPath: folder + "/b", withIntermediateDirectories: false)
        }
        #expect(error == .outputFailed)
        #expect(try names == (isThere ? ["a", "b"] : ["b"]))
        if isThere { #expect(try text("a") == "a1") }
    }

    @Test func neither_whenTheFirstCannotBeHad() throws {
        try OutputFile.write(Array("b1".utf8), to: folder + "/b")
        let error = try replace {
            try FileManager.default.createDirectory(
                atPath: folder + "/a", withIntermediateDirectories: false)
        }
        #expect(error == .outputFailed)
        #expect(try names == ["a", "b"])
        #expect(try text("b") == "b1")
    }
}
