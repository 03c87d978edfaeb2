/// A string as a page shows it: the only way from a string to a page's bytes.
///
/// What people cannot see, or what would change how they see the rest (control characters, directions of writing, blanks without
/// width), is shown by its number, so that two names that look the same are the same.
struct EscapedText {
    /// More than any honest text has; evidence may bring megabytes in one name.
    static let limit = 4096

    let markup: String

    init(_ text: String) {
        let scalars = text.unicodeScalars
        var markup = ""
        for scalar in scalars.prefix(EscapedText.limit) { markup += EscapedText.markup(of: scalar) }
        let left = scalars.count - EscapedText.limit
        self.markup = left > 0 ? "\(markup) … (\(left) characters more)" : markup
    }

    private static func markup(of scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        default: isShown(scalar) ? String(scalar) : "⟨U+\(String(scalar.value, radix: 16, uppercase: true))⟩"
        }
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            false
        case .spaceSeparator: scalar == " "
        default: true
        }
    }
}
