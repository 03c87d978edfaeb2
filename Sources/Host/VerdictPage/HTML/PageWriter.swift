/// Writes a page in the syntax that HTML and XML share.
struct PageWriter {
    private(set) var text = "<!DOCTYPE html>\n"

    mutating func write(_ piece: HTML) {
        switch piece {
        case .text(let string): text += EscapedText(string).markup
        case .element(let tag, let attributes, let content):
            text += "<\(tag.name)"
            for attribute in attributes {
                text += " \(attribute.name)=\"\(EscapedText(attribute.value).markup)\""
            }
            text += tag.isVoid ? "/>" : ">"
            if tag.isVoid { return }
            for piece in content { write(piece) }
            text += "</\(tag.name)>"
            if PageWriter.lines.contains(tag) { text += "\n" }
        }
    }

    /// Those after which a line ends, for people who read or compare the file.
    private static let lines: [Tag] = [
        .title, .style, .head, .h1, .h2, .h3, .p, .li, .dl, .div, .caption, .tr, .svg, .section, .header,
        .nav, .main,
    ]
}
