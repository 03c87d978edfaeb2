import Diagnostics
import Foundation
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
            "long head", ["-H", "X-Long: \(String(repeating: "x", count: 9000))", "/v1/environments"], 400,
            .usage),
        Refusal(
            "chunked body", ["-H", "Transfer-Encoding: chunked", "-d", "x", "/v1/activate"], 400, .usage),
        Refusal("bad length", ["-H", "Content-Length: -1", "-X", "POST", "/v1/activate"], 400, .usage),
        Refusal("no JSON", ["-d", "{", "/v1/activate"], 400, .invalidArgument),
        Refusal(
            "other schema", ["-d", #"{"schema": "sice.other/1"}"#, "/v1/activate"], 400, .invalidArgument),
        Refusal(
            "large JSON", ["-d", String(repeating: " ", count: 70_000), "/v1/activate"], 400, .invalidArgument
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

    /// What the README shows: a signature by curl alone, checked by openssl.
    @Test(arguments: [0, 3 << 20])
    func curl_signsAFile(_ count: Int) async throws {
        let identifier = try await environment("checksum")
        let file = machine.folder.appending(path: "data")
        try Data(repeating: 0x5A, count: count).write(to: file)
        let call = "\(machine.url)/v1/call?environment=\(identifier)&operation=1"
        let answer = try Tool(
            "curl", ["-sf", "--data-binary", "@data", "-o", "sum", call], in: machine.folder)
        #expect(answer.status == 0)
        let sum = [UInt8](try Data(contentsOf: machine.folder.appending(path: "sum")))
        #expect(sum == Self.checksum(Array(try Data(contentsOf: file))))
    }
}
