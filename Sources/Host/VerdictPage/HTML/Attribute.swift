/// An attribute. The list has nothing that loads or runs: a link leads to a place of the page, and to nowhere else.
struct Attribute: Equatable, Sendable {
    let name: String
    let value: String

    private init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    static func id(_ anchor: Anchor) -> Attribute { Attribute("id", anchor.name) }
    static func link(to anchor: Anchor) -> Attribute { Attribute("href", "#\(anchor.name)") }
    static func labelled(by anchors: Anchor...) -> Attribute {
        Attribute("aria-labelledby", anchors.map(\.name).joined(separator: " "))
    }
    static func label(_ text: String) -> Attribute { Attribute("aria-label", text) }
    /// What a narrow screen writes before a cell, whose column it has no room for.
    static func column(_ title: String) -> Attribute { Attribute("data-column", title) }
    static func look(_ look: Look) -> Attribute { Attribute("class", look.rawValue) }
    static func role(_ role: Role) -> Attribute { Attribute("role", role.rawValue) }
    static func scope(_ scope: Scope) -> Attribute { Attribute("scope", scope.rawValue) }
    static func size(_ side: Side, _ value: Int) -> Attribute { Attribute(side.rawValue, String(value)) }
    static func view(width: Int, height: Int) -> Attribute {
        Attribute("viewBox", "0 0 \(width) \(height)")
    }

    static let english = Attribute("lang", "en")
    static let utf8 = Attribute("charset", "utf-8")
    static func setting(_ name: String, _ value: String) -> [Attribute] {
        [Attribute("name", name), Attribute("content", value)]
    }
    /// The browser holds the page to it that nothing runs, and nothing comes from elsewhere.
    static let selfContained = [
        Attribute("http-equiv", "Content-Security-Policy"),
        Attribute("content", "default-src 'none'; style-src 'unsafe-inline'"),
    ]

    /// How ``Style`` shows it. No meaning is in the look alone: words say it, too.
    enum Look: String {
        case affirmed, refused, open
        case pass, fail, skipped
        case drawing, chain, wide, facts, signature, status
    }

    /// What narrow screens, which lay tables out as lists, would else take from those who listen.
    enum Role: String {
        case table, rowgroup, row, columnheader, rowheader, cell
        case img
    }

    enum Scope: String { case col, row }

    enum Side: String { case x, y, x1, y1, x2, y2, width, height, rx }
}
