import Foundation
import SICEABI
import Testing

/// The legacy host's tool on a machine without a manager.
@Suite struct HostCommandTests {
    private static let hasManager = FileManager.default.fileExists(atPath: "/run/sice")

    @Test(.disabled(if: hasManager, "this machine has a manager"))
    func noManager_exits69AndLeavesNothing() throws {
        let workplace = try Workplace()
        try workplace.write([1, 2, 3], to: "image")
        let nonce = String(repeating: "ab", count: 32)
        for arguments in [
            ["list"], ["create", "image"], ["destroy", "1"], ["run", "1"], ["call", "1", "--operation", "1"],
            ["report", "1", "--nonce", nonce, "--output", "report"],
        ] {
            let result = try workplace.sice(arguments)
            #expect(result.status == 69, "\(arguments)")
            #expect(result.errors.contains("SICE-E0912"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
        #expect(try workplace.files == ["image"])
        #expect(!FileManager.default.fileExists(atPath: "/run/sice"))
    }

    @Test func badUsage_exits64() throws {
        let workplace = try Workplace()
        for arguments in [
            ["nothing"], ["create"], ["destroy", "x"], ["call", "1"], ["list", "--format", "xml"],
            ["report", "1", "--nonce", "00", "--output", "report"], ["serve", "--port", "70000"],
        ] {
            #expect(try workplace.sice(arguments).status == 64, "\(arguments)")
        }
        #expect(try workplace.files.isEmpty)
    }

    @Test func missingInput_exits66() throws {
        let workplace = try Workplace()
        #expect(try workplace.sice(["create", "image"]).status == 66)
        #expect(
            try workplace.sice(["call", "1", "--operation", "1", "--input", "data"]).status == 66)
    }
}
