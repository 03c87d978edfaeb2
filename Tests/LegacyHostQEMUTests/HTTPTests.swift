import Diagnostics
import Foundation
import OpenSSLCrypto
import SICEABI
import StrictJSON
import Testing

/// The HTTP interface of the real service, spoken to by curl.
extension LegacyHostQEMUTests {
    struct Refusal: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        let status: Int
        let error: ErrorCode

        init(_ name: String, _ arguments: [String], _ status: Int, _ error: ErrorCode) {
            testDescription = name
            self.arguments = arguments
            self.status = status
            self.error = error
        }
    }

    private static let nonce = String(repeating: "ab", count: 32)

    static let refusals = [
        Refusal("unknown path", ["/v2/evidence"], 404, .usage),
        Refusal("no path", ["/"], 404, .usage),
        Refusal("wrong method", ["-X", "DELETE", "/v1/environments"], 405, .usage),
        Refusal("GET of a call", ["/v1/call?environment=1&operation=1"], 405, .usage),
        Refusal("short nonce", ["/v1/evidence?nonce=ab&environment=1"], 400, .invalidArgument),
        Refusal("no nonce", ["/v1/evidence?environment=1"], 400, .invalidArgument),
        Refusal(
            "nonce of other digits", ["/v1/evidence?nonce=\(nonce.dropLast())g&environment=1"], 400,
            .invalidArgument),
        Refusal("long nonce", ["/v1/evidence?nonce=\(nonce)00&environment=1"], 400, .invalidArgument),
        Refusal("no environment", ["/v1/evidence?nonce=\(nonce)"], 400, .usage),
        Refusal(
            "unknown environment", ["/v1/evidence?nonce=\(nonce)&environment=4711"], 404, .noSuchEnvironment),
        Refusal("number out of range", ["/v1/evidence?nonce=\(nonce)&environment=4294967296"], 400, .usage),
        Refusal("parameter twice", ["/v1/evidence?nonce=\(nonce)&nonce=\(nonce)&environment=1"], 400, .usage),
        Refusal(
            "long head", ["-H", "X-Long: \(String(repeating: "x", count: 9000))", "/v1/environments"], 431,
            .usage),
        Refusal(
            "chunked body", ["-H", "Transfer-Encoding: chunked", "-d", "x", "/v1/activate"], 411, .usage),
        Refusal("bad length", ["-H", "Content-Length: -1", "-X", "POST", "/v1/activate"], 400, .usage),
        Refusal("no JSON", ["-d", "{", "/v1/activate"], 400, .invalidArgument),
        Refusal(
            "other schema", ["-d", #"{"schema": "sice.other/1"}"#, "/v1/activate"], 400, .invalidArgument),
        Refusal(
            "large JSON", ["-d", String(repeating: " ", count: 70_000), "/v1/activate"], 413, .requestTooLarge
        ),
        Refusal(
            "credential of nobody",
            [
                "-d",
                #"{"schema": "sice.activation/1", "credential_blob": "AAAA", "encrypted_secret": "AAAA"}"#,
                "/v1/activate",
            ],
            409, .tpmCommandFailed),
        Refusal(
            "call of nobody", ["-d", "x", "/v1/call?environment=4711&operation=1"], 404, .noSuchEnvironment),
    ]

    /// A typed error as JSON, and the service goes on.
    @Test(arguments: refusals)
    func refuse_badRequest(_ refusal: Refusal) throws {
        let arguments =
            ["-s", "-m", "60", "-w", "\n%{http_code}"] + refusal.arguments.dropLast()
            + [machine.url + refusal.arguments.last!]
        let answer = try Tool("curl", arguments, in: machine.folder)
        #expect(answer.status == 0, "\(answer.errors)")
        let end = try #require(answer.output.lastIndex(of: "\n"))
        #expect(answer.output[answer.output.index(after: end)...] == "\(refusal.status)", "\(answer.output)")
        var fields = try JSONFields(
            document: Array(answer.output[..<end].utf8), schema: "sice.error/1", context: "answer",
            errors: .init(.targetRefused))
        let code = try fields.string("code")
        #expect(code == refusal.error.name, "\(answer.output)")
        #expect(try Tool("curl", ["-sf", machine.url + "/v1/environments"], in: machine.folder).status == 0)
    }

    /// Several at a time, beside clients that keep silent. Not more: QEMU listens for at most two that it has not taken yet, and
    /// who comes beyond them waits for its own retransmissions, twice as long each time.
    @Test func curl_fortyTimesBesideSilentClients() throws {
        let address = machine.url.dropFirst("http://".count).replacing(":", with: "/")
        let script = """
            exec 3<>/dev/tcp/\(address) 4<>/dev/tcp/\(address) 5<>/dev/tcp/\(address)
            printf 'GET /v1/env' >&4
            printf 'POST /v1/call?environment=1&operation=1 HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 12\\r\\n\\r\\nx' >&5
            exec curl -s -m 60 -Z --parallel-max 4 -o /dev/null -w '%{http_code}\\n' "$0/v1/environments?number=[1-40]"
            """
        let answer = try Tool("bash", ["-c", script, machine.url], in: machine.folder)
        #expect(answer.status == 0, "\(answer.errors)")
        #expect(answer.output == String(repeating: "200\n", count: 40))
    }

    @Test func curl_headIsGetWithoutBody() throws {
        let answer = try Tool("curl", ["-sfI", machine.url + "/v1/environments"], in: machine.folder)
        #expect(answer.status == 0 && answer.output.hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    /// What the README shows, for an empty file and one of many windows' sizes.
    @Test(arguments: [0, 2 << 20])
    func curl_signsAFileForOpenssl(_ count: Int) async throws {
        try Data(Self.sample(count)).write(to: machine.folder.appending(path: "data"))
        let point = try await call("signer", 1, [])
        let key = PEM.encode(DER.subjectPublicKeyInfo(p256Point: point), label: "PUBLIC KEY")
        try Data(key.utf8).write(to: machine.folder.appending(path: "key.pem"))
        try await curl("signer", operation: 2, to: "signature")
        let verify = ["dgst", "-sha256", "-verify", "key.pem", "-signature", "signature"]
        #expect(try Tool("openssl", verify + ["data"], in: machine.folder).output == "Verified OK\n")
        #expect(try Tool("openssl", verify + ["signature"], in: machine.folder).status == 1)
    }

    /// The C program's sum against the one that gzip puts at the end of its files.
    @Test(arguments: [0, 2 << 20])
    func curl_sumsAFileAsGzipDoes(_ count: Int) async throws {
        try Data(Self.sample(count)).write(to: machine.folder.appending(path: "data"))
        try await curl("checksum", operation: 1, to: "sum")
        let gzip = "gzip -1c data | tail -c 8 | head -c 4 | od -An -tx4 --endian=little"
        let expected = try Tool("sh", ["-c", gzip], in: machine.folder).output
        let found = try Tool("od", ["-An", "-tx4", "--endian=big", "sum"], in: machine.folder).output
        #expect(found == expected)
        #expect(found.count == 10)
    }

    private func curl(_ workload: String, operation: Int, to file: String) async throws {
        let identifier = try await environment(workload)
        let address = "\(machine.url)/v1/call?environment=\(identifier)&operation=\(operation)"
        let answer = try Tool(
            "curl", ["-sf", "--data-binary", "@data", "-o", file, address], in: machine.folder)
        #expect(answer.status == 0)
    }
}
