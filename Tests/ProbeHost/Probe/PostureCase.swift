internal import CMachine
internal import CProbe
internal import SICEABI

/// What a report says of the platform.
struct Posture {
    private static let report = WorkMemory.scratch + 0x1000
    /// Where the map's pairs begin.
    private let pairs: UInt64

    /// Creates an environment and asks for a report on it. Throws what the manager answered, `managerFault` when the
    /// report has not one value for each claim.
    init() throws(ErrorCode) {
        let environment = try Environment(try GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
        let answer = Call(.report, environment.identifier, WorkMemory.scratch, Self.report, 2048).sent()
        try environment.destroy()
        let end = Self.report + min(answer.registers.rbx, 2048)
        guard answer.error == 0, let map = Self.map(before: end) else { throw .managerFault }
        pairs = map
        for index in 0..<UInt64(PostureClaim.count) {
            guard pairs + index * 2 < end, sice_read8(pairs + index * 2) == UInt8(index) else {
                throw .managerFault
            }
        }
    }

    /// The claims map has the posture under key −70008, which is CBOR 3A 00 01 11 77; a map of less than 24 small
    /// numbers follows (RFC 8949 §3).
    private static func map(before end: UInt64) -> UInt64? {
        var place = report
        while place + 6 < end {
            if sice_read32(place) == 0x1101_003A, sice_read8(place + 4) == 0x77,
                sice_read8(place + 5) == 0xA0 + UInt8(PostureClaim.count)
            {
                return place + 6
            }
            place += 1
        }
        return nil
    }

    /// Whether the report says that INIT waits until its core leaves SMM. Where it does not, or there is no report, a core is
    /// thrown out.
    static var holdsInit: Bool {
        guard let posture = try? Posture() else { return false }
        return posture[UInt8(PostureClaim.initRedirected.rawValue)] == UInt64(PostureValue.present.rawValue)
    }

    /// The raw ``PostureValue`` of a claim.
    subscript(_ claim: UInt8) -> UInt64 { UInt64(sice_read8(pairs + UInt64(claim) * 2 + 1)) }
}

/// Reports each claim as a metric `posture.N`, for a test that compares it.
enum PostureCase {
    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            let posture = try Posture()
            for claim in 0..<UInt8(PostureClaim.count) {
                results.metric("posture", number: claim, posture[claim])
            }
            results.check("posture", "report", true)
        } catch {
            results.check("posture", "error", expected: 0, found: UInt64(error.rawValue))
        }
    }

    /// Resets the machine once, then reports; the machine must be one that does not end at a reset.
    static func runAfterReset(_ results: inout Results) {
        let wasReset = sice_read64(WorkMemory.resetMark) == ABI.requestMagic
        if !wasReset {
            sice_write64(WorkMemory.resetMark, ABI.requestMagic)
            sice_out8(0xCF9, 0x06)  // reset control register (ICH9 datasheet, 13.7.5)
            while true { sice_pause() }
        }
        run(&results)
    }
}
