import Appraisal
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import Reference
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// Evidence and inputs that do not parse: the exact row, and never a verdict.
@Suite struct MalformedTests {
    private func code(_ change: (inout EvidenceBundle) -> Void) -> ErrorCode? {
        let forge = Forge()
        var bundle = forge.bundle()
        change(&bundle)
        do throws(ToolError) {
            _ = try appraise(bundle, forge.expectations)
            return nil
        } catch { return error.code }
    }

    private func code(of text: String) -> ErrorCode? {
        do throws(ToolError) {
            _ = try EvidenceBundle(Array(text.utf8), path: "evidence")
            return nil
        } catch { return error.code }
    }

    @Test func reject_everyTruncationOfTheFile() {
        let text = Array(Forge().bundle().json.text.utf8)
        for count in stride(from: 0, to: text.count - 2, by: 7) {
            let error = #expect(throws: ToolError.self) {
                try EvidenceBundle(Array(text[..<count]), path: "evidence")
            }
            #expect(error?.code == .evidenceTruncated)
        }
    }

    @Test(arguments: [
        "report", "report_key", "attestation_key", "quote", "quote_signature", "pcrs", "event_log",
        "runtime_log", "nonce",
    ])
    func reject_missingPart(_ key: String) throws {
        guard case .object(let members) = Forge().bundle().json else { return }
        #expect(code(of: JSON.object(members.filter { $0.key != key }).text) == .evidenceMissingPart)
    }

    @Test func reject_unknownKeyAndSchema() throws {
        guard case .object(let members) = Forge().bundle().json else { return }
        #expect(code(of: JSON.object(members + [.init("extra", .null)]).text) == .evidenceUnreadable)
        let other = [JSON.Member("schema", .string("sice.evidence/2"))] + members.dropFirst()
        #expect(code(of: JSON.object(other).text) == .evidenceUnreadable)
    }

    @Test func reject_unknownClaim() throws {
        var forge = Forge()
        forge.unknownClaims = [(-70016, 1)]
        let error = #expect(throws: ToolError.self) { try appraise(forge.bundle(), forge.expectations) }
        #expect(error?.code == .evidenceUnknownClaim)
        #expect(error?.detail.contains("-70016") == true)
    }

    @Test func reject_missingClaim() throws {
        for claim in ReportClaim.allCases {
            var forge = Forge()
            forge.omittedClaims = [claim]
            let error = #expect(throws: ToolError.self) { try appraise(forge.bundle(), forge.expectations) }
            #expect(error?.code == .evidenceMissingPart)
            #expect(error?.detail.contains("\(claim.rawValue)") == true)
        }
    }

    @Test func reject_claimTwice() throws {
        var forge = Forge()
        forge.unknownClaims = [(-70012, 1)]
        let error = #expect(throws: ToolError.self) { try appraise(forge.bundle(), forge.expectations) }
        #expect(error?.code == .evidenceMalformedReport)
    }

    @Test func reject_truncatedParts() {
        #expect(code { $0.report.removeLast() } == .evidenceTruncated)
        #expect(code { $0.quote.removeLast() } == .evidenceTruncated)
        #expect(code { $0.quoteSignature.removeLast() } == .evidenceTruncated)
        #expect(code { $0.attestationKey.removeLast() } == .evidenceTruncated)
        #expect(code { $0.eventLog.removeLast() } == .evidenceTruncated)
        #expect(code { $0.runtimeLog.removeLast() } == .evidenceTruncated)
        #expect(code { $0.eventLog = [] } == .evidenceTruncated)
    }

    @Test func reject_trailingBytes() {
        #expect(code { $0.report.append(0) } == .evidenceMalformedReport)
        #expect(code { $0.quote.append(0) } == .evidenceMalformedQuote)
        #expect(code { $0.quoteSignature.append(0) } == .evidenceMalformedQuote)
        #expect(code { $0.attestationKey.append(0) } == .evidenceMalformedQuote)
        #expect(code { $0.eventLog.append(0) } == .evidenceTruncated)
    }

    @Test func reject_malformedLogs() {
        #expect(code { $0.eventLog[0] = 1 } == .evidenceMalformedLog)  // not a Spec ID event
        #expect(code { $0.eventLog[65 + 8] = 2 } == .evidenceMalformedLog)  // two digests
        #expect(code { $0.runtimeLog[8] = 0xFF } == .evidenceMalformedRuntimeLog)
        #expect(code { $0.runtimeLog[64] = 9 } == .evidenceMalformedRuntimeLog)  // sequence
    }

    @Test func reject_attestationKeyThatSignsAnything() throws {
        for attributes: UInt32 in [0x0004_0072, 0x0005_0070, 0x0007_0072, 0x0005_0062] {
            var forge = Forge()
            forge.keyAttributes = attributes
            let error = #expect(throws: ToolError.self) { try appraise(forge.bundle(), forge.expectations) }
            #expect(error?.code == .evidenceMalformedQuote)
        }
    }

    @Test func reject_unreadableInputs() {
        let inputs: [(ErrorCode, ([UInt8]) throws -> Void)] = [
            (.policyUnreadable, { _ = try Policy($0, path: "policy") }),
            (.referenceUnreadable, { _ = try ReferenceValues($0, path: "reference") }),
            (.enrollmentUnreadable, { _ = try Enrollment($0, path: "enrollment") }),
        ]
        for (code, parse) in inputs {
            for text in ["", "{}", "[]", "{\"schema\": \"sice.other/1\"}"] {
                let error = #expect(throws: ToolError.self) { try parse(Array(text.utf8)) }
                #expect(error?.code == code)
            }
        }
    }

    @Test func policy_isReadAndUnknownNamesRefused() throws {
        let text = """
            {"schema": "sice.policy/1", "name": "mine", "required": ["smramLocked"], "states": ["dead"],
             "not_absent": ["fpuRestoreIsCoreLocal"], "allow_debug": true}
            """
        let policy = try Policy(Array(text.utf8), path: "policy")
        #expect(
            policy
                == Policy(
                    name: "mine", required: [.smramLocked], unrefuted: [.fpuRestoreIsCoreLocal],
                    allowsDebug: true, states: [.dead]))
        for wrong in [
            text.replacing("smramLocked", with: "smramlocked"), text.replacing("dead", with: "gone"),
            text.replacing("fpuRestore", with: "fpuStore"),
        ] {
            let error = #expect(throws: ToolError.self) { try Policy(Array(wrong.utf8), path: "policy") }
            #expect(error?.code == .policyUnreadable)
        }
    }

    @Test func referenceAndEnrollment_areReadBack() throws {
        let forge = Forge()
        let reference = forge.reference
        #expect(try ReferenceValues(Array(reference.json.text.utf8), path: "r") == reference)
        let enrollment = try #require(forge.expectations.enrollment)
        #expect(try Enrollment(Array(enrollment.json.text.utf8), path: "e") == enrollment)
    }
}
