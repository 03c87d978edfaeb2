import ManagerClient
import ManagerSimulation
import SICEABI
import Testing

@Suite struct EvidenceTests {
    @Test func report_isTaggedCOSEAndKeyIsAPoint() throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        let report = try client.report(identifier, nonce: [UInt8](repeating: 9, count: 32))
        #expect(report.first == 0xD2)
        #expect(try client.reportKey().count == 65)
    }

    @Test(arguments: [0, 31, 33])
    func reject_nonceOfAnotherLength(_ count: Int) throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        #expect(
            failure { _ = try client.report(identifier, nonce: [UInt8](repeating: 1, count: count)) }
                == .invalidArgument)
    }

    @Test func runtimeLog_startsAtBootAndIsWhole() throws {
        var client = ManagerClient(try SimulatedConnection())
        try create(SampleImage(), &client)
        let log = try client.runtimeLog()
        #expect(log.base == [UInt8](repeating: 0, count: 32))
        #expect(log.entries.count % LogEntryLayout.size == 0)
        #expect(littleEndian(log.entries, LogEntryLayout.event) & 0xFFFF == UInt32(LogEvent.boot.rawValue))
    }

    @Test func runtimeLog_hasABaseWhenOldEntriesAreGone() throws {
        var client = ManagerClient(try SimulatedConnection())
        for _ in 0..<100 {
            let identifier = try create(SampleImage(zeroPages: 1), &client)
            try client.destroy(identifier)
        }
        let log = try client.runtimeLog()
        #expect(log.entries.count == ABI.logCapacity * LogEntryLayout.size)
        #expect(log.base != [UInt8](repeating: 0, count: 32))
    }
}
