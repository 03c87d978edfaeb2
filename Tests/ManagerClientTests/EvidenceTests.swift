import Evidence
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

    private let nonce = [UInt8](repeating: 9, count: 32)

    @Test func statement_hasTheLogFromBootOn() throws {
        var client = ManagerClient(try SimulatedConnection())
        let identifier = try create(SampleImage(), &client)
        let log = try client.statement(identifier, nonce: nonce).log
        #expect(log.base == [UInt8](repeating: 0, count: 32))
        #expect(log.entries.count % LogEntryLayout.size == 0)
        #expect(littleEndian(log.entries, LogEntryLayout.event) & 0xFFFF == UInt32(LogEvent.boot.rawValue))
    }

    @Test func statement_hasABaseWhenOldEntriesAreGone() throws {
        var client = ManagerClient(try SimulatedConnection())
        for _ in 0..<100 {
            let identifier = try create(SampleImage(zeroPages: 1), &client)
            try client.destroy(identifier)
        }
        let identifier = try create(SampleImage(), &client)
        let log = try client.statement(identifier, nonce: nonce).log
        #expect(log.entries.count == ABI.logCapacity * LogEntryLayout.size)
        #expect(log.base != [UInt8](repeating: 0, count: 32))
    }

    /// Another core's guest writes an entry between report and log, and the oldest entry goes while the log
    /// is read.
    @Test(arguments: [Command.report, .logBase, .readLog])
    func statement_isMadeAgainWhenTheLogGrows(_ command: Command) throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        for _ in 0..<ABI.logCapacity { try connection.provokeRefusal() }
        var times = 3
        connection.afterCommand = { done in
            guard done == command.rawValue, times > 0 else { return }
            times -= 1
            try? connection.provokeRefusal()
        }
        let statement = try client.statement(identifier, nonce: nonce)
        #expect(times == 0)
        let claims = try SignedReport(statement.report).claims
        let log = try RuntimeLog(statement.log.entries, base: statement.log.base)
        #expect(log.start == claims.droppedLogEntries && log.end == claims.logCount)
        #expect(log.head == claims.logHead)
    }

    @Test func reject_logThatNeverRests() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(), &client)
        connection.afterCommand = { if $0 == Command.report.rawValue { try? connection.provokeRefusal() } }
        #expect(failure { _ = try client.statement(identifier, nonce: nonce) } == .logEntryGone)
    }
}

extension SimulatedConnection {
    /// A refused command that the manager records.
    func provokeRefusal() throws {
        #expect(throws: ErrorCode.addressOutsideRAM) {
            try simulation.call(.reportKey, rcx: 0xFFFF_0000_0000)
        }
    }
}
