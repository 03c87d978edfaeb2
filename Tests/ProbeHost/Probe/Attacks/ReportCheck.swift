internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// A report that the manager wrote, looked at by the attacker: a wrong one would show that something was read twice.
struct ReportCheck {
    static let size: UInt64 = 2048
    private static let key = WorkMemory.scratch + 0x3000
    let address: UInt64
    let count: UInt64

    /// Asks for a report of `environment`; nil when there was none.
    init?(_ environment: Environment, nonce: UInt64, to address: UInt64) {
        let answer = Call(.report, environment.identifier, nonce, address, Self.size).sent()
        guard answer.error == 0, answer.registers.rbx <= Self.size else { return nil }
        self.address = address
        count = answer.registers.rbx
    }

    /// Whether the manager's key signed it.
    var isSigned: Bool {
        guard Call(.reportKey, Self.key).sent().error == 0 else { return false }
        return unsafe probe_report_is_signed(
            UnsafePointer(bitPattern: UInt(address)), count, UnsafePointer(bitPattern: UInt(Self.key))) == 1
    }

    /// Whether the 32 bytes at `other` are in it.
    func contains(_ other: UInt64) -> Bool {
        guard count >= 32 else { return false }
        for start in 0...(count - 32) where isEqual(address + start, other) { return true }
        return false
    }

    /// Whether it names the environment's measurement.
    func names(_ environment: Environment) -> Bool {
        guard Record(of: environment.identifier) != nil else { return false }
        return contains(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.measurement))
    }

    private func isEqual(_ first: UInt64, _ second: UInt64) -> Bool {
        for offset: UInt64 in 0..<32 where sice_read8(first + offset) != sice_read8(second + offset) {
            return false
        }
        return true
    }
}

extension Attempt {
    /// There is a report on the environment, signed, with this nonce and the environment's measurement.
    mutating func expectReport(_ environment: Environment, nonce: UInt64, to address: UInt64) {
        guard let report = ReportCheck(environment, nonce: nonce, to: address) else {
            return expect(false, "no-report")
        }
        expect(report.isSigned, "report-signature")
        expect(report.names(environment), "report-measurement")
        expect(report.contains(nonce), "report-nonce")
    }
}
