import Evidence
import ManagerCore
import OpenSSLCrypto
import ReportFormat
import SICEABI
import Simulation
import Testing

/// What the security manager writes is what the verifier reads: both sides of the report, by the code of both.
@Suite struct ManagerReportTests {
    private typealias Place = Simulation.Place
    private let nonce = (0..<32).map { UInt8($0 + 1) }

    private func report(_ machine: Simulation, _ environment: UInt64) throws -> SignedReport {
        machine.write(nonce, at: Place.nonce)
        let length = try machine.call(
            .report, rcx: environment, rdx: Place.nonce, rsi: Place.output, rdi: 2048
        ).rbx
        return try SignedReport(machine.read(Place.output, Int(length)))
    }

    private func entries(_ machine: Simulation, _ range: Range<UInt64>) throws -> [UInt8] {
        try range.flatMap { index in
            try machine.call(.readLog, rcx: index, rdx: Place.output)
            return machine.read(Place.output, LogEntryLayout.size)
        }
    }

    @Test func report_isUnderstood() throws {
        let machine = try Simulation()
        let image = SampleImage()
        let environment = try machine.launch(image)
        let claims = try report(machine, environment).claims
        #expect(claims.nonce == nonce)
        #expect(claims.measurement == SHA256.hash(try image.file()))
        #expect(UInt64(claims.environment) == environment)
        #expect(claims.state == .runnable && claims.mode == .timeSharing && !claims.isDebug)
        #expect(claims.imageName == "sample")
        #expect(claims.managerDigest == MachineLayout.managerDigest)
        #expect(claims.posture[.requestNamesPort] == .absent)
        let numbers = (0..<UInt8(PostureClaim.count)).filter { PostureClaim(rawValue: $0) != nil }
        #expect(claims.posture.keys.map(\.rawValue).sorted() == numbers)
    }

    @Test func runtimeLog_leadsToTheReportedHead() throws {
        let machine = try Simulation()
        let claims = try report(machine, machine.launch(SampleImage())).claims
        let log = try RuntimeLog(
            entries(machine, 0..<claims.logCount), base: [UInt8](repeating: 0, count: 32))
        #expect(log.head == claims.logHead)
        #expect(log.entries.map(\.event).first == .boot)
    }

    @Test func runtimeLog_ofLongLifeStartsAtItsBase() throws {
        let machine = try Simulation()
        let environment = try machine.launch(SampleImage())
        for _ in 0..<200 {
            // A refused command that looks like an attack is recorded.
            #expect(throws: ErrorCode.addressOutsideRAM) {
                try machine.call(
                    .report, rcx: environment, rdx: 0xFFFF_0000_0000, rsi: Place.output, rdi: 2048)
            }
        }
        let claims = try report(machine, environment).claims
        let first = try machine.call(.logBase, rcx: Place.output).rbx
        let base = machine.read(Place.output, 32)
        #expect(claims.logCount - first == UInt64(ABI.logCapacity))
        let log = try RuntimeLog(entries(machine, first..<claims.logCount), base: base)
        #expect(log.head == claims.logHead)
        #expect(log.entries.first?.sequence == first)
    }
}
