import Foundation
import SICEABI
import Testing

/// The legacy host's tool on a machine without a manager.
@Suite struct HostCommandTests {
    private static let hasManager = FileManager.default.fileExists(atPath: "/run/sice")

    @Test(.disabled(if: hasManager, "this machine has a manager"))
    func noManager_exits69AndLeavesNothing() throws {
        let workplace = try TinyProgram.prepared()
        #expect(try workplace.shell("$attest build --manifest tiny.json --out image").status == 0)
        let files = try workplace.files
        let nonce = String(repeating: "ab", count: 32)
        for arguments in [
            ["list"], ["create", "image"], ["destroy", "1"], ["run", "1"], ["call", "1", "--operation", "1"],
            ["report", "1", "--nonce", nonce, "--output", "report"],
            ["report", "1", "--nonce", nonce.uppercased(), "--output", "report"],
        ] {
            let result = try workplace.sice(arguments)
            #expect(result.status == 69, "\(arguments)")
            #expect(result.errors.contains("SICE-E0912"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
        #expect(try workplace.files == files)
        #expect(!FileManager.default.fileExists(atPath: "/run/sice"))
    }

    /// Whoever fills the pipe may take his time: the manager is asked for when all of it is there.
    @Test(
        .disabled(if: hasManager, "this machine has a manager"),
        arguments: ["create", "call 1 --operation 1 --input"])
    func input_isReadBeforeTheManagerIsAskedFor(_ command: String) throws {
        let workplace = try TinyProgram.prepared()
        #expect(try workplace.shell("$attest build --manifest tiny.json --out image").status == 0)
        let result = try workplace.shell("cat image | { $sice \(command) -; wc -c; }")
        #expect(result.errors.contains("SICE-E0912") && result.output == "0\n")
    }

    /// What is no image, or an endless request, is not read to an end.
    @Test func input_isBounded() throws {
        let workplace = try Workplace()
        let image = try workplace.sice("create", "/dev/zero")
        #expect(image.status == 65 && image.errors.contains("SICE-E0302"), "\(image.errors)")
        let request = try workplace.sice("call", "1", "--operation", "1", "--input", "/dev/zero")
        #expect(request.status == 65 && request.errors.contains("SICE-E0974"), "\(request.errors)")
    }

    @Test func badUsage_exits64() throws {
        let workplace = try Workplace()
        for arguments in [
            ["nothing"], ["create"], ["destroy", "x"], ["call", "1"], ["list", "--format", "xml"],
            ["report", "1", "--nonce", "00", "--output", "report"],
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
