internal import CMachine
internal import CPayload
internal import SICEABI

/// A mark in memory that stays reserved, for the next boot to find or not.
///
/// The memory is the host's as much as ours: it can wipe the mark, or put one there. So a mark is evidence that memory
/// outlives a reset, and none is evidence of nothing.
enum ResetMark {
    private static let words: (UInt64, UInt64) = (0x6B72_616D_4543_4953, 0x7465_7365_7220_7461)

    /// What the mark of the last boot says, if there is one.
    static func value(in park: UInt64) -> PostureValue {
        let place = park + UInt64(SICE_PARK_MARK)
        return sice_read64(place) == words.0 && sice_read64(place + 8) == words.1 ? .absent : .unknown
    }

    /// Leaves one.
    static func leave(in park: UInt64) {
        let place = park + UInt64(SICE_PARK_MARK)
        sice_write64(place, words.0)
        sice_write64(place + 8, words.1)
    }
}
