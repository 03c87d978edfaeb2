import Installation
import SICEABI
import Testing

/// What the payload concludes from what it saw.
@Suite struct ObservationTests {
    private static let hidden = TranslationObservation.hidden

    private func translations(
        done: Bool = true, before: UInt32 = hidden, first: UInt32, second: UInt32 = 2, after: UInt32 = hidden
    ) -> [PostureValue] {
        var seen = TranslationObservation(first: 1, second: 2)
        seen.isDone = done
        (seen.firstBefore, seen.firstInside) = (before, first)
        (seen.secondInside, seen.secondAfter) = (second, after)
        return [seen.entryFlushes, seen.exitFlushes]
    }

    @Test func translationsThatOutliveAChangeOfWorld() {
        #expect(translations(first: 1) == [.present, .present])
        #expect(translations(first: Self.hidden) == [.absent, .present])
        #expect(translations(first: 1, after: 2) == [.present, .absent])
        #expect(translations(first: Self.hidden, after: 2) == [.absent, .absent])
    }

    @Test func translationsThatShowNothing() {
        #expect(translations(done: false, first: 1) == [.unknown, .unknown])
        // SMRAM was open outside, or the words are others.
        #expect(translations(before: 1, first: 1) == [.unknown, .present])
        #expect(translations(first: 7) == [.unknown, .present])
        #expect(translations(first: 1, second: Self.hidden) == [.present, .unknown])
        #expect(translations(first: 1, after: 7) == [.present, .unknown])
        var same = TranslationObservation(first: Self.hidden, second: Self.hidden)
        same.isDone = true
        (same.firstBefore, same.firstInside) = (Self.hidden, Self.hidden)
        (same.secondInside, same.secondAfter) = (Self.hidden, Self.hidden)
        #expect(same.entryFlushes == .unknown && same.exitFlushes == .unknown)
    }

    @Test(arguments: 0..<4) func initIsPresentOnlyWhereTheHandlerEndsBeforeIt(_ bits: Int) {
        var seen = InitObservation()
        seen.isDone = bits & 1 != 0
        seen.wasReset = bits & 2 != 0
        #expect(seen.value == [.unknown, .unknown, .absent, .present][bits])
    }

    /// BIOSWE bit 0, BLE bit 1, SMM_BWP bit 5; the other bits do not matter.
    @Test(arguments: 0...UInt8.max) func biosControlProtectsWithBothLocksOnly(_ value: UInt8) {
        let isProtected = value & 0x23 == 0x22
        #expect(
            FlashProtection(biosControl: value, controller: nil).value == (isProtected ? .present : .absent))
    }

    private func ranges(_ ranges: [UInt32], region: UInt32 = 0x00FF_0080, status: UInt16 = 1 << 15)
        -> PostureValue
    {
        let all = InlineArray<5, UInt32> { $0 < ranges.count ? ranges[$0] : 0 }
        return FlashProtection(
            biosControl: 0, controller: .init(status: status, region: region, ranges: all)
        ).value
    }

    @Test func rangesProtectWhenTheyCoverTheRegion() {
        #expect(ranges([0x80FF_0080]) == .present)
        #expect(ranges([0x9FFF_0000]) == .present)
        #expect(ranges([0x80FF_00A0, 0x80A0_0070, 0]) == .present)
        #expect(ranges([0x80FF_00E0, 0x80DF_00C0, 0x80BF_00A0, 0x809F_0090, 0x808F_0080]) == .present)
    }

    @Test func rangesWithAGapOrWithoutALockProtectNothing() {
        #expect(ranges([]) == .absent)
        #expect(ranges([0x80FF_0080], status: 0) == .absent)
        #expect(ranges([0x80FF_0081]) == .absent)
        #expect(ranges([0x80FE_0080]) == .absent)
        #expect(ranges([0x00FF_0080]) == .absent)
        #expect(ranges([0x80FF_00A1, 0x809F_0080]) == .absent)
        #expect(ranges([0xC0FF_0081, 0x0080_0080]) == .absent)
        // A region that ends before it begins is none.
        #expect(ranges([0x9FFF_0000], region: 0x0000_1FFF) == .absent)
    }
}
