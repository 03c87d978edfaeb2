import Diagnostics
import Foundation
import SICEABI
import Testing

/// What the documents promise is held by tests that exist, and every row of the error table is met by one.
@Suite struct PromiseTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
    private static let documents = ["SPECIFICATION.md", "SECURITY.md", "CONTRIBUTING.md"]

    private static func files(under folder: String, _ kinds: Set<String>) throws -> [URL] {
        let all = try #require(
            FileManager.default.enumerator(
                at: root.appending(path: folder), includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
        )
        return all.compactMap { $0 as? URL }.filter { kinds.contains($0.pathExtension) }
    }

    private static func text(_ files: [URL]) throws -> String {
        try files.map { try String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    /// Names of test functions, suites, files and folders.
    private static func declared() throws -> Set<Substring> {
        let files = try files(under: "Tests", ["swift"])
        var names = Set(
            try text(files).matches(of: /(?:func|struct|enum|class) ([A-Za-z0-9_]+)/).map(\.output.1))
        for file in files {
            names.insert(Substring(file.deletingPathExtension().lastPathComponent))
            names.insert(Substring(file.deletingLastPathComponent().lastPathComponent))
        }
        return names
    }

    /// Every name between back quotes that has the form of a test's: `what_itShows`, `…Tests`, `…Fuzz`. One that the
    /// sources say is a field or a function of theirs.
    @Test func everyTestThatIsNamed_exists() throws {
        let declared = try Self.declared()
        let kinds: Set = ["swift", "c", "h", "S"]
        let sources = try Self.text(
            try ["Sources", "smm", "coreboot-payload"].flatMap {
                try Self.files(under: $0, kinds)
            })
        let words = Set(sources.matches(of: /[A-Za-z0-9_]+/).map(\.output))
        var count = 0
        for document in Self.documents {
            let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
            for name in text.matches(
                of: /`([a-z][A-Za-z0-9]*_[A-Za-z0-9_]+|[A-Z][A-Za-z0-9]*(?:Tests|Fuzz))`/
            ).map(\.output.1) {
                count += 1
                #expect(declared.contains(name) || words.contains(name), "\(document) names \(name)")
            }
        }
        #expect(count > 300)
    }

    /// All tests of a module, as `HostTests/Appraisal`.
    @Test func everyFolderOfTestsThatIsNamed_exists() throws {
        var count = 0
        for document in Self.documents {
            let text = try String(contentsOf: Self.root.appending(path: document), encoding: .utf8)
            for folder in text.matches(of: /`([A-Z][A-Za-z]*Tests\/[A-Z][A-Za-z0-9]*)`/).map(\.output.1) {
                count += 1
                let files = try Self.files(under: "Tests/\(folder)", ["swift"])
                #expect(!files.isEmpty, "\(document) names \(folder)")
            }
        }
        #expect(count > 5)
    }

    /// What CONTRIBUTING tells to look at or to run is there: a list of files to touch must not send anybody to yesterday's.
    @Test func everyPathInContributing_exists() throws {
        let text = try String(contentsOf: Self.root.appending(path: "CONTRIBUTING.md"), encoding: .utf8)
        let path = /[`\s]((?:Sources|Tests|smm|coreboot-payload|tools|ci)\/[A-Za-z0-9_+.\/-]*[A-Za-z0-9])/
        let paths = text.matches(of: path).map { String($0.output.1) }
        #expect(paths.count > 40)
        for path in paths {
            let found = FileManager.default.fileExists(atPath: Self.root.appending(path: path).path)
            #expect(found, "\(path)")
        }
    }

    /// Whether a test's text asserts a row, as `.itsName` or by the number that people see. What comments say is no test.
    private static func meets(_ row: ErrorCode, _ words: Set<Substring>) -> Bool {
        words.contains(".\(row)"[...]) || words.contains("\(row.name.dropFirst(5))"[...])
    }

    private static func words(of text: String) -> Set<Substring> {
        let code = text.replacing(/\/\/[^\n]*/, with: "")
        return Set(code.matches(of: /\.?[A-Za-z0-9_]+/).map(\.output))
    }

    /// In a test, not in a fuzzer, nor in what makes the tests' inputs.
    @Test func everyError_isMetByATest() throws {
        let files = try Self.files(under: "Tests", ["swift"]).filter { file in
            !["/Fuzz/", "/Support/", "/PromiseTests."].contains { file.path.contains($0) }
        }
        let words = Self.words(of: try Self.text(files))
        #expect(ErrorCode.allCases.count > 150)
        for row in ErrorCode.allCases { #expect(Self.meets(row, words), "\(row.name) \(row)") }
    }

    @Test(arguments: [
        ("throws: ErrorCode.wrongState", true), ("code == .wrongState)", true), ("SICE-E0102: ", true),
        ("// Not .wrongState", false), ("func wrongState()", false), (".wrongStates E01020", false),
    ])
    func meeting_isAnAssertion(_ text: String, _ isOne: Bool) {
        #expect(Self.meets(.wrongState, Self.words(of: text)) == isOne)
    }
}
