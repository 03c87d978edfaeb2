internal import CMachine
internal import CProbe
internal import SICEABI

/// The local APIC's window laid over SMRAM (invariant I10, the "memory sinkhole"): the manager does nothing.
enum WindowCase {
    private static let baseRegister: UInt32 = 0x1B

    static func run(_ results: inout Results) {
        let platform = Platform()
        let original = sice_rdmsr(baseRegister)
        results.check("apic", "before", expected: 0, found: Information().error)
        // The manager's own image, a pool page in the middle, the last page.
        cover(platform.smramBase + 0x8_0000, original, &results)
        cover(platform.smramBase + platform.smramSize / 2, original, &results)
        cover(platform.smramBase + platform.smramSize - 4096, original, &results)
        // A neighbour of SMRAM is none of the manager's business.
        sice_wrmsr(baseRegister, platform.smramBase - 4096 | original & 0xFFF)
        let beside = Call(.info).sent()
        sice_wrmsr(baseRegister, original)
        results.check("apic", "beside", expected: 0, found: beside.error)
        results.check("apic", "after", expected: 0, found: Information().error)
    }

    private static func cover(_ address: UInt64, _ original: UInt64, _ results: inout Results) {
        sice_wrmsr(baseRegister, address | original & 0xFFF)
        let call = Call(.info)
        let answer = call.sent()
        sice_wrmsr(baseRegister, original)
        results.check("apic", "refused", expected: Call.noAnswer, found: answer.error)
        results.check("apic", "unchanged", expected: 0, found: answer.changedRegistersAfterError(from: call))
    }
}
