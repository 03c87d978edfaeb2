import Evidence
import EvidenceForge
import EvidenceFormat
import Fixtures
import Foundation
import StrictJSON
import Testing

/// Evidence and its challenge, which verify only together.
@Suite struct CollectTests {
    private let evidence = Forge().bundle().json.text

    private func collect(_ workplace: Workplace, _ options: String...) throws -> Workplace.Result {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(evidence.utf8.count)\r\n\r\n"
        let server = CannedServer(Array((head + evidence).utf8))
        return try workplace.attest(["collect", "--url", server.url, "--environment", "1"] + options)
    }

    private func files(_ workplace: Workplace) throws -> [String: [UInt8]] {
        let names = try workplace.files.filter { $0 != "folder" }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try workplace.read($0)) })
    }

    @Test func collect_keepsBoth() throws {
        let workplace = try Workplace()
        let result = try collect(
            workplace, "--out", "evidence.json", "--nonce", String(repeating: "ab", count: 32))
        #expect(result.status == 0, "\(result.errors)")
        #expect(try workplace.files == ["evidence.json", "evidence.json.challenge"])
        #expect(try workplace.read("evidence.json") == Array(evidence.utf8))
        let challenge = String(decoding: try workplace.read("evidence.json.challenge"), as: UTF8.self)
        #expect(challenge.contains(String(repeating: "ab", count: 32)))
    }

    /// Where one of the two cannot be written, the other one stays as it was, and nothing new is there.
    @Test(arguments: [
        ["--out", "folder", "--challenge", "kept"], ["--out", "kept", "--challenge", "folder"],
        ["--out", "none/evidence", "--challenge", "kept"],
        ["--out", "kept", "--challenge", "none/challenge"],
        ["--out", "/dev/full", "--challenge", "kept"], ["--out", "new", "--challenge", "/dev/full"],
        ["--out", "new", "--challenge", "folder"],
    ])
    func oneThatCannotBeWritten_leavesTheOther(_ options: [String]) throws {
        let workplace = try Workplace()
        try FileManager.default.createDirectory(
            atPath: workplace.folder + "/folder", withIntermediateDirectories: false)
        try workplace.write("old".utf8, to: "kept")
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(evidence.utf8.count)\r\n\r\n"
        let server = CannedServer(Array((head + evidence).utf8))
        let result = try workplace.attest(["collect", "--url", server.url, "--environment", "1"] + options)
        #expect(result.status == 74)
        #expect(result.errors.contains("SICE-E0902"), "\(result.errors)")
        #expect(try files(workplace) == ["kept": Array("old".utf8)])
    }

    /// Beside a folder, or a device, no challenge is left behind.
    @Test func folderAsOutput_leavesNoChallenge() throws {
        let workplace = try Workplace()
        try FileManager.default.createDirectory(
            atPath: workplace.folder + "/folder", withIntermediateDirectories: false)
        let result = try workplace.attest(
            "collect", "--url", "http://127.0.0.1:9", "--environment", "1", "--out", "folder")
        #expect(result.status == 64, "\(result.errors)")
        #expect(try workplace.files == ["folder"])
    }

    /// The evidence may go through a pipe; its challenge needs a place of its own, and that is asked for before the machine is.
    @Test(arguments: ["-", "/dev/stdout"]) func standardOutput_needsAPlaceForTheChallenge(_ name: String)
        throws
    {
        let workplace = try Workplace()
        let result = try collect(workplace, "--out", name, "--challenge", "challenge")
        #expect(result.status == 0 && result.output == evidence, "\(result.errors)")
        #expect(result.errors == "\(name): \(evidence.utf8.count) bytes of evidence\n")
        #expect(try workplace.files == ["challenge"])
        let refused = try workplace.attest(
            "collect", "--url", "http://127.0.0.1:9", "--environment", "1", "--out", name)
        #expect(refused.status == 64 && refused.errors.contains("--challenge is needed"))
        let same = try workplace.attest(
            "collect", "--url", "http://127.0.0.1:9", "--environment", "1", "--out", "x", "--challenge", "x")
        #expect(same.status == 64 && same.errors.contains("same file"))
    }

    /// What a person's shell has set for browsers must not get between verifier and machine.
    @Test func proxyOfTheEnvironment_isNotUsed() throws {
        let workplace = try Workplace()
        let head = "HTTP/1.1 200 OK\r\nContent-Length: \(evidence.utf8.count)\r\n\r\n"
        let server = CannedServer(Array((head + evidence).utf8))
        let proxies = ["http_proxy", "HTTP_PROXY", "all_proxy"].map { "\($0)=http://127.0.0.1:9" }
        let command = "$attest collect --url \(server.url) --environment 1 --out e"
        let result = try workplace.shell("env \(proxies.joined(separator: " ")) \(command)")
        #expect(result.status == 0, "\(result.errors)")
    }

    /// The time that it takes is the person's to say, and what came of it is said in words.
    @Test func timeout_endsASilentMachine() throws {
        let workplace = try Workplace()
        let server = CannedServer { $0.waitUntilGone() }
        let result = try workplace.attest(
            "collect", "--url", server.url, "--environment", "1", "--out", "e", "--timeout", "1")
        #expect(result.status == 69)
        #expect(result.errors.contains("SICE-E0975"), "\(result.errors)")
        #expect(result.errors.contains("\n  \(server.url): after 1 s: no answer yet\n"), "\(result.errors)")
        #expect(try workplace.files.isEmpty)
        for value in ["0", "3601", "-1", "1.5", "x"] {
            let refused = try workplace.attest(
                "enroll", "--url", server.url, "--ek-ca", "c", "--out", "e", "--timeout", value)
            #expect(refused.status == 64, "\(refused.errors)")
        }
    }

    @Test(arguments: ["https://127.0.0.1:1", "http://127.0.0.1:1/?a=b", "http://user@127.0.0.1:1"])
    func address_isRefusedBeforeAnythingIsAsked(_ url: String) throws {
        let workplace = try Workplace()
        let result = try workplace.attest("collect", "--url", url, "--environment", "1", "--out", "e")
        #expect(result.status == 64)
        #expect(result.errors.contains("SICE-E0911") && result.errors.contains("\n  \(url): "))
    }
}
