import Foundation
import FoundationXML

/// A page as a strict reader of XML finds it; nil when it is not well-formed.
final class PageElement {
    let name: String
    let attributes: [String: String]
    fileprivate(set) var children: [PageElement] = []
    /// Texts of this element and all in it, in their order.
    fileprivate(set) var text = ""

    fileprivate init(_ name: String, _ attributes: [String: String]) {
        self.name = name
        self.attributes = attributes
    }

    static func read(_ bytes: [UInt8]) -> PageElement? {
        let reader = PageReader()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = reader
        return parser.parse() ? reader.root : nil
    }

    /// This element and all in it, in their order.
    var all: [PageElement] { [self] + children.flatMap(\.all) }
    /// Names of elements and attributes, without any text: what markup would change.
    var shape: String {
        "<\(name) \(attributes.keys.sorted().joined(separator: " "))>\(children.map(\.shape).joined())"
    }

    func element(_ identifier: String) -> PageElement? { all.first { $0.attributes["id"] == identifier } }
    func elements(_ name: String) -> [PageElement] { all.filter { $0.name == name } }
}

private final class PageReader: NSObject, XMLParserDelegate {
    private var open: [PageElement] = []
    private(set) var root: PageElement?

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        let element = PageElement(name, attributes)
        if let parent = open.last { parent.children.append(element) } else { root = element }
        open.append(element)
    }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        for element in open { element.text += string }
    }
}
