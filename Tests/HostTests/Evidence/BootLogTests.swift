import Evidence
import SICEABI
import TCGEventLog
import Testing

@Suite struct BootLogTests {
    /// The verifier's values are those that the payload compares the TPM with, whatever a log calls its events.
    @Test(arguments: [
        EventType.postCode, EventType.noAction, EventType.separator, EventType.eventTag, 7, UInt32.max,
    ])
    func replay_agreesWithThePayloads(_ type: UInt32) throws {
        var area = [UInt8](repeating: 0, count: 1024)
        var writer = try EventLogWriter(beginning: area.mutableSpan)
        for (pcr, type, byte) in [(2, type, 1), (2, EventType.postCode, 2), (4, type, 3), (0, type, 4)]
            as [(UInt32, UInt32, UInt8)]
        {
            let digest = [UInt8](repeating: byte, count: 32)
            try writer.append(pcr: pcr, type: type, digest: digest.span, data: [byte].span)
        }
        let count = writer.count
        let log = try BootLog(Array(area[..<count]))
        for pcr in [0, 2, 4, 5] {
            let value = try EventLog.replay(area.span, pcr: UInt32(pcr))
            #expect(log.replay(pcr: pcr) == (0..<32).map { value[$0] }, "PCR \(pcr)")
        }
    }
}
