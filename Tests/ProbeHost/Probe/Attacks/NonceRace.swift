internal import CMachine
internal import CProbe
internal import SICEABI

/// What changes while a report is made (T03).
extension LoadAttacks {
    private static let reports = 40
    private static let nonce = WorkMemory.scratch + 0x400
    private static let expected = WorkMemory.scratch + 0x440

    /// One byte of the nonce has two values in turns: a report holds one of them, in what is signed and in what is told.
    static func nonceRace(_ attempt: inout Attempt) {
        for offset: UInt64 in 0..<32 {
            sice_write8(nonce + offset, UInt8(truncatingIfNeeded: offset * 7 + 1))
            sice_write8(expected + offset, UInt8(truncatingIfNeeded: offset * 7 + 1))
        }
        sice_write8(nonce + 9, 0x5A)
        var found: UInt64 = 0
        do throws(ErrorCode) {
            let environment = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            guard OtherCore.begin(.flip, nonce + 9, 0x5A | 0xA5 << 8) else { throw .noManager }
            try race(&attempt, rounds: reports) { attempt throws(ErrorCode) in
                guard let report = ReportCheck(environment, nonce: nonce, to: WorkMemory.target) else {
                    return attempt.expect(false, "no-report")
                }
                sice_write8(expected + 9, 0x5A)
                let isFirst = report.contains(expected)
                sice_write8(expected + 9, 0xA5)
                let isSecond = report.contains(expected)
                attempt.expect(isFirst != isSecond, "other-nonce")
                attempt.expect(report.isSigned, "report-signature")
                found |= isFirst ? 1 : 2
            }
            attempt.expect(OtherCore.stop() == 0, "other-core")
            // Both, or there was no race.
            attempt.expect(found, is: 3, "no-race")
            try environment.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }
}
