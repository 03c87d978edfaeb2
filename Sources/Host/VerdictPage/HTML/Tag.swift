/// An element's name. The list has nothing that runs, loads, sends or leads away: no script, image, frame, form, object, base or
/// link to a style.
struct Tag: Equatable, Sendable {
    let name: String
    /// Has neither content nor an end tag.
    let isVoid: Bool

    private init(_ name: String, isVoid: Bool = false) {
        self.name = name
        self.isVoid = isVoid
    }

    func callAsFunction(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML]) -> HTML {
        .element(self, attributes, content())
    }

    func callAsFunction(_ attributes: Attribute...) -> HTML { .element(self, attributes, []) }
}

/// Document and landmarks.
extension Tag {
    static let html = Tag("html")
    static let head = Tag("head")
    static let meta = Tag("meta", isVoid: true)
    static let title = Tag("title")
    static let style = Tag("style")
    static let body = Tag("body")
    static let header = Tag("header")
    static let nav = Tag("nav")
    static let main = Tag("main")
    static let section = Tag("section")
    static let footer = Tag("footer")
}

/// Text.
extension Tag {
    static let h1 = Tag("h1")
    static let h2 = Tag("h2")
    static let h3 = Tag("h3")
    static let p = Tag("p")
    static let a = Tag("a")
    static let span = Tag("span")
    static let strong = Tag("strong")
    static let code = Tag("code")
    static let bdi = Tag("bdi")
    static let ol = Tag("ol")
    static let ul = Tag("ul")
    static let li = Tag("li")
    static let dl = Tag("dl")
    static let div = Tag("div")
    static let dt = Tag("dt")
    static let dd = Tag("dd")
}

/// Tables.
extension Tag {
    static let table = Tag("table")
    static let caption = Tag("caption")
    static let thead = Tag("thead")
    static let tbody = Tag("tbody")
    static let tr = Tag("tr")
    static let th = Tag("th")
    static let td = Tag("td")
}

/// Drawings.
extension Tag {
    static let svg = Tag("svg")
    static let desc = Tag("desc")
    static let rect = Tag("rect")
    static let line = Tag("line")
    static let drawnText = Tag("text")
}
