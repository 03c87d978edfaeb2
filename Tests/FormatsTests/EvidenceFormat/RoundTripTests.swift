import Diagnostics
import EvidenceFormat
import SICEABI
import StrictJSON
import Testing

/// What one side writes the other reads, and the bytes are those of today: a file of yesterday means the same tomorrow.
@Suite struct RoundTripTests {
    private static let digest = (0..<32).map { UInt8($0) }

    private func bundle(base: [UInt8]) -> EvidenceBundle {
        EvidenceBundle(
            nonce: Self.digest, report: [1], reportKey: [2, 2], attestationKey: [3, 3, 3], quote: [4],
            quoteSignature: [5], pcrs: (0..<4).map { [UInt8](repeating: $0, count: 32) }, eventLog: [6],
            runtimeLog: [7], runtimeLogBase: base)
    }

    @Test(arguments: [[UInt8](repeating: 0, count: 32), digest]) func evidence(_ base: [UInt8]) throws {
        let bundle = bundle(base: base)
        #expect(try EvidenceBundle(Array(bundle.json.text.utf8), path: "evidence") == bundle)
    }

    /// The base of a log that is whole is left out, as hosts always did.
    @Test func evidence_isTheseBytes() {
        let zeros = String(repeating: "0", count: 62)
        let hex = Hex.encode(Self.digest)
        let text = { (base: String) in
            """
            {
              "schema": "sice.evidence/1",
              "nonce": "\(hex)",
              "report": "AQ==",
              "report_key": "AgI=",
              "attestation_key": "AwMD",
              "quote": "BA==",
              "quote_signature": "BQ==",
              "pcrs": {
                "0": "00\(zeros)",
                "2": "\(String(repeating: "01", count: 32))",
                "4": "\(String(repeating: "02", count: 32))",
                "5": "\(String(repeating: "03", count: 32))"
              },
              "event_log": "Bg==",
              "runtime_log": "Bw=="\(base)
            }

            """
        }
        #expect(bundle(base: [UInt8](repeating: 0, count: 32)).json.text == text(""))
        #expect(bundle(base: Self.digest).json.text == text(",\n  \"runtime_log_base\": \"\(hex)\""))
    }

    /// "SICE-QUOTE-1", 32 bytes of nonce and SHA-256("abc"), hashed by another program.
    @Test func qualifyingData_isThisHash() {
        #expect(
            Hex.encode(QuoteBinding.qualifyingData(nonce: Self.digest, report: Array("abc".utf8)))
                == "2231097c5d41e870bb6ecea90943eaf7f331cf715c915c12b845c751846c1947")
    }

    @Test func quotedPCRs_areThese() {
        #expect(EvidenceBundle.quotedPCRs == [0, 2, 4, 5])
        #expect(EvidenceBundle.quotedPCRMask == 0b11_0101)
    }

    private static let listing = EnvironmentListing([
        .init(
            identifier: 257, name: "signer", state: .runnable, mode: nil, isDebug: false, pages: 12, runs: 0,
            measurement: digest, windowPages: []),
        .init(
            identifier: 2, name: "linux", state: .running, mode: .multiCore, isDebug: true, pages: 1 << 40,
            runs: 3, measurement: digest, windowPages: [1, 4096]),
    ])

    @Test func environments() throws {
        #expect(try EnvironmentListing(Array(Self.listing.json.text.utf8)) == Self.listing)
        #expect(Self.listing.identifier(named: "linux") == 2 && Self.listing.identifier(named: "x") == nil)
    }

    @Test func environments_areTheseBytes() {
        let hex = Hex.encode(Self.digest)
        #expect(
            Self.listing.json.line
                == #"{"schema": "sice.environments/1", "environments": [{"id": 257, "name": "signer", "#
                + #""state": "runnable", "debug": false, "pages": 12, "runs": 0, "measurement": "\#(hex)", "#
                + #""window_pages": []}, {"id": 2, "name": "linux", "state": "running", "#
                + #""mode": "multi-core", "debug": true, "pages": 1099511627776, "runs": 3, "#
                + #""measurement": "\#(hex)", "window_pages": [1, 4096]}]}"#)
    }

    @Test(arguments: [
        ("\"runnable\"", "\"asleep\""), ("\"multi-core\"", "\"multiCore\""), ("257", "4294967296"),
        ("\"pages\": 12", "\"pages\": -1"), ("4096", "true"), ("\"runs\"", "\"walks\""),
    ])
    func reject_listing(_ part: String, _ other: String) {
        let text = Self.listing.json.text.replacing(part, with: other)
        let error = #expect(throws: ToolError.self) { try EnvironmentListing(Array(text.utf8)) }
        #expect(error?.code == .targetRefused)
    }

    @Test func enrollment() throws {
        let request = EnrollmentRequest(endorsementCertificate: [1], endorsementKey: [2], attestationKey: [3])
        #expect(try EnrollmentRequest(Array(request.json.text.utf8)) == request)
        #expect(
            request.json.line
                == #"{"schema": "sice.enrollment-request/1", "endorsement_certificate": "AQ==", "#
                + #""endorsement_key": "Ag==", "attestation_key": "Aw=="}"#)
        let record = Enrollment(attestationKey: [1], certificateDigest: Self.digest)
        #expect(try Enrollment(Array(record.json.text.utf8), path: "enrollment") == record)
    }

    @Test func activation() throws {
        let activation = Activation(credentialBlob: [1], encryptedSecret: [2])
        #expect(try Activation(Array(activation.json.text.utf8)) == activation)
        #expect(
            activation.json.line == #"{"schema": "sice.activation/1", "credential_blob": "AQ==", "#
                + #""encrypted_secret": "Ag=="}"#)
        let result = ActivationResult(secret: [10, 11])
        #expect(try ActivationResult(Array(result.json.text.utf8)) == result)
        #expect(result.json.line == #"{"schema": "sice.activation-result/1", "secret": "0a0b"}"#)
    }

    @Test func refusal() throws {
        let refusal = Refusal(code: "SICE-E0104", message: "No environment has this id.")
        #expect(try Refusal(Array(refusal.json.text.utf8)) == refusal)
        #expect(
            refusal.json.line == #"{"schema": "sice.error/1", "code": "SICE-E0104", "#
                + #""message": "No environment has this id."}"#)
    }

    @Test func names_readBack() {
        for raw in 0...LifecycleState.scrubbing.rawValue {
            let state = LifecycleState(rawValue: raw)
            #expect(state.flatMap { LifecycleState(name: $0.name) } == state && state != nil)
        }
        for mode in [ExecutionMode.timeSharing, .multiCore] {
            #expect(ExecutionMode(name: "\(mode.name)") == mode)
        }
        for claim in PostureClaim.all { #expect(PostureClaim(name: claim.name) == claim) }
        #expect(LifecycleState(name: "dormant") == nil && ExecutionMode(name: "timeSharing") == nil)
    }
}
