import Foundation
import SICEABI
import Testing

/// What the documents promise is held by tests that exist, and every row of the error table is met by one.
@Suite struct PromiseTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    private static let documents = ["SPECIFICATION.md", "SECURITY.md"]

    /// Rows that no test can bring about.
    private static let unmet: [ErrorCode: String] = [
        .bootNoSMM: "the emulator's q35 has SMM whatever its options say",
        .bootCoreLost: "no core of an emulator stays away when it is called",
        .tunnelFailed: "takes a kernel that has network interfaces and refuses one",
    ]

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
            try ["Sources", "smm/Sources", "coreboot-payload/Sources"].flatMap {
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

    /// By its name or its number, in a test that is no fuzzer's.
    @Test func everyError_isMetByATest() throws {
        let files = try Self.files(under: "Tests", ["swift"]).filter {
            !$0.path.contains("/Fuzz/") && $0.lastPathComponent != "PromiseTests.swift"
        }
        let words = Set(try Self.text(files).matches(of: /[A-Za-z0-9_]+/).map(\.output))
        let rows = (0...999).compactMap { ErrorCode(rawValue: UInt16($0)) }
        #expect(rows.count > 150)
        for row in rows {
            let number = "E0\(row.rawValue)"
            let isMet = words.contains("\(row)"[...]) || words.contains(number[...])
            #expect(isMet == (Self.unmet[row] == nil), "\(number) \(row)")
        }
    }
}
