public import SICEABI

/// What an SMI showed whose handler reads two words of closed SMRAM: the first was read outside right before, the
/// second only in SMM, and outside again right after RSM.
public struct TranslationObservation: Sendable {
    /// What a read of closed SMRAM gives outside.
    public static let hidden = UInt32.max

    /// The words that lie there.
    public var first: UInt32
    public var second: UInt32
    /// Whether the handler came to its end.
    public var isDone = false
    public var firstBefore: UInt32 = 0
    public var firstInside: UInt32 = 0
    public var secondInside: UInt32 = 0
    public var secondAfter: UInt32 = 0

    public init(first: UInt32, second: UInt32) {
        self.first = first
        self.second = second
    }

    /// ``PostureClaim/smmEntryFlushesTranslations``: in SMM the first word is itself again. Unknown when it was not
    /// hidden outside, since then nothing was tried.
    public var entryFlushes: PostureValue {
        guard isDone, firstBefore == Self.hidden, first != Self.hidden else { return .unknown }
        return firstInside == first ? .present : firstInside == Self.hidden ? .absent : .unknown
    }

    /// ``PostureClaim/smmExitFlushesTranslations``: after RSM the second word is hidden again.
    public var exitFlushes: PostureValue {
        guard isDone, secondInside == second, second != Self.hidden else { return .unknown }
        return secondAfter == Self.hidden ? .present : secondAfter == second ? .absent : .unknown
    }
}
