import ReportFormat
import SHA2
import SICEABI
import Testing

/// Reports and run-time logs: written and read by one type. What the manager itself writes is held to the same types by
/// EvidenceTests and ManagerClientTests, and to bytes by ManagerCoreTests.
@Suite struct ReportFormatTests {
    private var claims: ReportClaims {
        var claims = ReportClaims()
        claims.nonce = [UInt8](repeating: 1, count: 32)
        claims.isDebug = true
        claims.measurement = [UInt8](repeating: 2, count: 32)
        claims.environment = 257
        claims.mode = .multiCore
        claims.state = .running
        claims.workloadData = [UInt8](repeating: 3, count: 64)
        claims.managerDigest = [UInt8](repeating: 4, count: 32)
        claims.managerVersion = "1.2.3"
        claims.posture = [.smramLocked: .present, .smrr: .absent, .fpuRestoreIsCoreLocal: .unknown]
        claims.logHead = [UInt8](repeating: 5, count: 32)
        claims.logCount = 1 << 40
        claims.imageName = "signer"
        claims.bootIdentifier = [UInt8](repeating: 6, count: 16)
        return claims
    }

    @Test func claims_areReadBack() throws {
        #expect(try ReportClaims(payload: claims.payload) == claims)
    }

    @Test func envelope_isReadBack() throws {
        let envelope = ReportEnvelope(
            keyIdentifier: [UInt8](repeating: 7, count: 32), payload: try claims.payload,
            signature: [UInt8](repeating: 8, count: 64))
        let bytes = try envelope.bytes
        #expect(try ReportEnvelope(bytes) == envelope)
        #expect(bytes.starts(with: [0xD2, 0x84, 0x43, 0xA1, 0x01, 0x26, 0xA1, 0x04, 0x58, 0x20]))
        #expect(try envelope.logCount == 1 << 40)
        let start = [0x84, 0x6A] + Array("Signature1".utf8) + [0x43, 0xA1, 0x01, 0x26, 0x40]
        #expect(try envelope.signedBytes.starts(with: start))
    }

    @Test func profile_isThis() { #expect(ReportClaims.profile == "tag:sice,2026:report/1") }

    @Test func entry_isReadBack() throws {
        var entry = RuntimeLogEntry(sequence: 0x0102_0304_0506_0708, event: .crashed)
        entry.error = 0x1112
        entry.environment = 0x2122_2324
        entry.details = [0x3132_3334_3536_3738, 0x4142_4344_4546_4748]
        entry.digest = (0..<32).map { UInt8($0) }
        #expect(try RuntimeLogEntry(entry.bytes) == entry)
        let numbers: [UInt8] = [
            0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x05, 0x00, 0x12, 0x11, 0x24, 0x23, 0x22, 0x21,
            0x38, 0x37, 0x36, 0x35, 0x34, 0x33, 0x32, 0x31, 0x48, 0x47, 0x46, 0x45, 0x44, 0x43, 0x42, 0x41,
        ]
        #expect(entry.bytes == numbers + entry.digest)
    }

    @Test func chain_goesOverEntries() throws {
        let entries = (0..<3).map { RuntimeLogEntry(sequence: $0, event: .exited).bytes }
        let head = entries.reduce(RuntimeLogChain.start) { RuntimeLogChain.value(after: $0, $1) }
        #expect(try RuntimeLog(entries.flatMap { $0 }, base: RuntimeLogChain.start).head == head)
        let link = [UInt8](repeating: 0, count: 32) + entries[0]
        let digest = SHA256.hash(link.span)
        #expect(
            RuntimeLogChain.value(after: RuntimeLogChain.start, entries[0])
                == digest.indices.map { digest[$0] })
    }
}
