import Diagnostics
import ImageBuilder
import SICEABI
import Testing

@Suite struct ManifestTests {
    static let example = """
        {"schema": "sice.manifest/1", "name": "signer", "version": "1.0", "program": "signer.elf", "stack": "64KiB",
         "windows": [{"name": "io", "size": "64KiB", "address": "0x40000000", "write": true}], "debug": false}
        """

    static func manifest(_ text: String) throws(ToolError) -> Manifest {
        try Manifest(Array(text.utf8), path: "signer.json")
    }

    private func replacing(_ old: String, _ new: String) -> String {
        let parts = ManifestTests.example.split(separator: old, omittingEmptySubsequences: false)
        precondition(parts.count == 2, "the example must hold \(old) once")
        return parts.joined(separator: new)
    }

    @Test func accept_example() throws {
        let manifest = try ManifestTests.manifest(ManifestTests.example)
        #expect(manifest.name == "signer")
        #expect(manifest.stackSize == 65536)
        #expect(manifest.windows.first?.address == 0x4000_0000)
        #expect(manifest.windows.first?.isWritable == true)
        #expect(!manifest.isDebug)
    }

    @Test func accept_defaults() throws {
        let manifest = try ManifestTests.manifest(
            #"{"schema": "sice.manifest/1", "name": "a", "program": "a.elf"}"#)
        #expect(manifest.stackSize == 65536)
        #expect(manifest.version.isEmpty && manifest.windows.isEmpty && !manifest.isDebug)
    }

    /// Each form of one size.
    @Test(arguments: ["65536", "0x10000", "64K", "64KiB", "64 K", "64 KiB"])
    func accept_sizesWithUnits(_ text: String) throws {
        let manifest = try ManifestTests.manifest(replacing("\"64KiB\",\n", "\"\(text)\",\n"))
        #expect(manifest.stackSize == 65536)
    }

    /// What is no size is not called one of a wrong range; the Kelvin sign is no K.
    @Test(arguments: [
        "64Q", "64 ", "K", "", "64kB", "64KB", "64\u{212A}", "64\u{212A}iB", "+64K", "0x", "6 4K", "٦٤K",
    ])
    func reject_whatIsNoSize(_ text: String) {
        let error = #expect(throws: ToolError.self) {
            try ManifestTests.manifest(replacing("\"64KiB\",\n", "\"\(text)\",\n"))
        }
        #expect(
            error
                == ToolError(
                    .manifestOutOfRange, "stack: \"\(text)\" is no quantity; write \(ByteQuantity.forms)"))
    }

    @Test func reject_sizesByKeyAndReason() {
        func detail(_ old: String, _ new: String) -> String? {
            #expect(throws: ToolError.self) { try ManifestTests.manifest(replacing(old, new)) }?.detail
        }
        #expect(
            detail("\"64KiB\",\n", "\"128M\",\n")
                == "stack: 128M (0x8000000) is not within 0x1000 to 0x4000000")
        #expect(detail("\"64KiB\",\n", "\"4097\",\n") == "stack: 4097 is not a multiple of 4096")
        #expect(
            detail("0x40000000", "0x40000001")
                == "windows[0].address: 0x40000001 is not a multiple of 4096")
    }

    @Test(arguments: [("\"stack\"", "stak"), ("\"write\"", "writable"), ("\"debug\"", "debuq")])
    func reject_unknownKeyByName(_ old: String, _ new: String) {
        let error = #expect(throws: ToolError.self) {
            try ManifestTests.manifest(replacing(old, "\"\(new)\""))
        }
        #expect(error?.code == .manifestUnknownKey)
        #expect(error?.detail.contains("\"\(new)\"") == true)
    }

    @Test(arguments: [
        ("\"64KiB\",\n", "\"1KiB\",\n"), ("\"64KiB\",\n", "\"65MiB\",\n"), ("\"64KiB\",\n", "\"4097\",\n"),
        ("\"64KiB\",\n", "\"-4096\",\n"), ("\"64KiB\",\n", "\"99999999999999999999KiB\",\n"),
        ("\"64KiB\",\n", "\"0xFFFFFFFFFFFFFFFFF\",\n"), ("0x40000000", "0"), ("0x40000000", "0x40000001"),
        ("0x40000000", "0x8000000000"), ("\"signer\"", "\"\""), ("\"signer\"", "\"a\\u0007b\""),
        ("\"signer\"", "\"abcdefghijklmnopqrstuvwxyz123456\""), ("\"1.0\"", "\"1234567890123456\""),
        ("\"size\": \"64KiB\"", "\"size\": \"17MiB\""), ("\"size\": \"64KiB\"", "\"size\": \"0\""),
    ])
    func reject_outOfRange(_ old: String, _ new: String) {
        let error = #expect(throws: ToolError.self) { try ManifestTests.manifest(replacing(old, new)) }
        #expect(error?.code == .manifestOutOfRange)
    }

    @Test func reject_fiveWindows() {
        let windows = (0..<5).map { #"{"name": "w\#($0)", "size": "4KiB", "address": "0x4000\#($0)000"}"# }
        let error = #expect(throws: ToolError.self) {
            try ManifestTests.manifest(
                "{\"schema\": \"sice.manifest/1\", \"name\": \"a\", \"program\": \"a\", \"windows\": "
                    + "[\(windows.joined(separator: ","))]}")
        }
        #expect(error?.code == .manifestOutOfRange)
    }

    @Test(arguments: ["\"name\": \"signer\", ", "\"program\": \"signer.elf\", "])
    func reject_missingKey(_ member: String) {
        let error = #expect(throws: ToolError.self) { try ManifestTests.manifest(replacing(member, "")) }
        #expect(error?.code == .manifestMissingKey)
    }

    @Test(arguments: ["", "[]", "{\"schema\": \"sice.manifest/2\"}", "{\"schema\": \"sice.manifest/1\",}"])
    func reject_otherDocument(_ text: String) {
        let error = #expect(throws: ToolError.self) { try ManifestTests.manifest(text) }
        #expect(error?.code == .manifestUnreadable)
    }
}
