import Appraisal
import EvidenceForge
import Testing

@testable import VerdictPage

/// Nothing runs, nothing comes from elsewhere, nothing leads away; and who listens, or sees no colour, finds the same.
@Suite struct PageSafetyTests {
    private static let attributes: Set = [
        "id", "class", "role", "scope", "lang", "charset", "name", "content", "http-equiv", "href", "viewBox",
        "aria-label", "aria-labelledby", "data-column", "x", "y", "x1", "y1", "x2", "y2", "width", "height",
        "rx",
    ]
    private static let elements: Set = [
        "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "footer", "h1",
        "h2",
        "h3", "p", "a", "span", "strong", "code", "bdi", "ol", "ul", "li", "dl", "div", "dt", "dd", "table",
        "caption", "thead", "tbody", "tr", "th", "td", "svg", "desc", "rect", "line", "text",
    ]

    @Test(arguments: PageSample.Kind.allCases) func page_isMadeOfHarmlessParts(_ kind: PageSample.Kind) throws
    {
        for element in try PageSample(kind).root.all {
            #expect(Self.elements.contains(element.name), "\(element.name)")
            #expect(Self.attributes.isSuperset(of: element.attributes.keys), "\(element.attributes)")
        }
    }

    @Test(arguments: PageSample.Kind.allCases) func nothing_comesFromElsewhere(_ kind: PageSample.Kind) throws
    {
        let page = try PageSample(kind)
        let text = String(decoding: page.bytes, as: UTF8.self)
        for word in ["src=", "url(", "@import", "http:", "https:", "//", "javascript", "data:", "<script"] {
            #expect(!text.contains(word), "\(word)")
        }
        let anchors = page.root.all.compactMap { $0.attributes["id"] }
        #expect(Set(anchors).count == anchors.count)
        for link in page.root.all.compactMap({ $0.attributes["href"] }) {
            #expect(link.hasPrefix("#") && anchors.contains(String(link.dropFirst())), "\(link)")
        }
    }

    /// Said before anything that it forbids could come.
    @Test func policyOfTheBrowser_forbidsAllElse() throws {
        let head = try #require(try PageSample(.refused).root.elements("head").first)
        #expect(head.children[0].attributes == ["charset": "utf-8"])
        #expect(
            head.children[1].attributes == [
                "http-equiv": "Content-Security-Policy",
                "content": "default-src 'none'; style-src 'unsafe-inline'",
            ])
    }

    @Test(arguments: PageSample.Kind.allCases) func landmarksAndHeadings_areInOrder(_ kind: PageSample.Kind)
        throws
    {
        let root = try PageSample(kind).root
        #expect(root.attributes["lang"] == "en")
        for landmark in ["header", "nav", "main", "footer"] { #expect(root.elements(landmark).count == 1) }
        let levels = root.all.map(\.name).filter { ["h1", "h2", "h3"].contains($0) }.compactMap {
            Int($0.dropFirst())
        }
        #expect(levels.first == 1 && zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 })
        let sections = root.elements("section")
        #expect(sections.count == 5)
        for element in sections + root.elements("svg") {
            let names = try #require(element.attributes["aria-labelledby"]).split(separator: " ")
            #expect(names.allSatisfy { name in element.element(String(name))?.text.isEmpty == false })
        }
    }

    /// Roles are said, since a narrow screen's layout would take them away.
    @Test(arguments: PageSample.Kind.allCases) func tables_haveHeadsWithScopesAndRoles(
        _ kind: PageSample.Kind
    ) throws {
        let root = try PageSample(kind).root
        for table in root.elements("table") {
            #expect(table.attributes["role"] == "table" && table.children[0].name == "caption")
            let rows = table.elements("tr")
            #expect(rows[0].children.allSatisfy { $0.attributes["scope"] == "col" && !$0.text.isEmpty })
            for row in rows.dropFirst() {
                #expect(row.attributes["role"] == "row" && row.children.count == rows[0].children.count)
                #expect(row.children[0].attributes["scope"] == "row" && row.children[0].name == "th")
                let columns = row.children.dropFirst().map { $0.attributes["data-column"] }
                #expect(columns == rows[0].children.dropFirst().map(\.text))
            }
        }
        #expect(root.elements("table").count >= 3)
    }

    @Test func drawings_haveTitleAndDescription() throws {
        let drawings = try PageSample(.refused).root.elements("svg")
        #expect(drawings.count == 2)
        for drawing in drawings {
            #expect(drawing.attributes["role"] == "img")
            #expect(drawing.children.prefix(2).map(\.name) == ["title", "desc"])
        }
        #expect(drawings[0].children[1].text.contains("4. Security manager, ✗ FAILED."))
    }

    /// Every row that has a colour says in words what it means.
    @Test(arguments: PageSample.Kind.allCases) func colour_isNeverAlone(_ kind: PageSample.Kind) throws {
        let signs = ["pass": "✓", "fail": "✗", "skipped": "–"]
        var count = 0
        for element in try PageSample(kind).root.all where ["tr", "li"].contains(element.name) {
            guard let sign = element.attributes["class"].flatMap({ signs[$0] }) else { continue }
            #expect(element.text.contains(sign))
            count += 1
        }
        #expect(count > 40)
    }

    /// Screens that are dark or narrow, and paper, have rules of their own.
    @Test func style_knowsPaperPhonesAndNight() {
        let style = Style.rules.map { "\($0)" }.joined()
        for rule in ["@media print", "max-width: 48rem", "prefers-color-scheme: dark", "break-inside: avoid"]
        {
            #expect(style.contains(rule))
        }
    }
}
