internal import StrictJSON

/// A finding in words: what must be there and what is, each with where it is from. Nothing compares them.
struct Wording: Equatable, Sendable {
    let expected: String
    let expectedSource: String
    let found: String
    let foundSource: String
    /// What is known when the check passed, where that is less than ``Check/Identifier/statement`` says; else empty.
    let note: String

    init(
        expected: String, from expectedSource: String, found: String, in foundSource: String,
        note: String = ""
    ) {
        self.expected = expected
        self.expectedSource = expectedSource
        self.found = found
        self.foundSource = foundSource
        self.note = note
    }

    /// Two byte strings.
    init(_ bytes: Comparison<[UInt8]>, from expectedSource: String, in foundSource: String) {
        self.init(
            expected: bytes.expected.hex, from: expectedSource, found: bytes.found.hex, in: foundSource)
    }

    /// A question that could not be asked, and what was missing for it.
    init(missing: String) { self.init(expected: "", from: missing, found: "", in: "") }
}

extension Sequence where Element == UInt8 {
    var hex: String { Hex.encode(self) }
}
