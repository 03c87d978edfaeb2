import Appraisal
import Evidence
import EvidenceForge
import EvidenceFormat
import Foundation
import ReportFormat
import SICEABI
import Testing

@testable import VerdictPage

/// Text from evidence is data.
@Suite struct PageEscapingTests {
    private static let names = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>",
        "&lt;b&gt; &amp; &#60;i&#62; &nbsp;", "--><!-- ]]> <![CDATA[",
        "</code></style></title><h1>affirmed</h1>",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]>&b;", "javascript:alert(1)", "a  b   c",
        "Übergröße 工作 😀",
    ]

    private func forge(_ name: String) -> Forge {
        var forge = Forge()
        forge.claims.imageName = name
        forge.claims.managerVersion = name
        forge.events[0].data = Array(name.utf8)
        return forge
    }

    private func page(_ name: String) throws -> PageSample {
        let forge = forge(name)
        var expectations = forge.expectations
        expectations.policy.name = name
        return try PageSample(forge.bundle(), expectations, inputs: [.init("Evidence", from: name)])
    }

    /// As itself, everywhere, and nothing of the page is another one for it.
    @Test(arguments: names) func name_showsAsItself(_ name: String) throws {
        let page = try page(name)
        #expect(page.verdict.outcome == .affirmed)
        // Image, manager, policy (twice), event of the log, workload, file.
        #expect(page.root.elements("code").filter { $0.text == name }.count >= 7)
        #expect(page.root.shape == (try self.page("harmless").root.shape))
    }

    /// What cannot be seen is shown by its number: two names that look the same are the same.
    @Test(arguments: [
        "sig\u{200B}ner": "sig⟨U+200B⟩ner", "\u{202E}rengis": "⟨U+202E⟩rengis", "a\u{0}b": "a⟨U+0⟩b",
        "a\nb\tc\rd": "a⟨U+A⟩b⟨U+9⟩c⟨U+D⟩d", "a\u{A0}b": "a⟨U+A0⟩b", "\u{FFFE}\u{FFFF}": "⟨U+FFFE⟩⟨U+FFFF⟩",
        "\u{1B}[31m": "⟨U+1B⟩[31m", "\u{2028}": "⟨U+2028⟩", "\u{E0041}": "⟨U+E0041⟩",
        "\u{7F}\u{85}": "⟨U+7F⟩⟨U+85⟩",
    ]) func invisibleCharacter_isShown(_ name: String, _ shown: String) throws {
        let forge = Forge()
        var expectations = forge.expectations
        expectations.policy.name = name
        let page = try PageSample(forge.bundle(), expectations)
        #expect(page.root.elements("code").contains { $0.text == shown })
    }

    @Test func endlessName_isCut() throws {
        var forge = Forge()
        forge.events[0].data = [UInt8](repeating: UInt8(ascii: "<"), count: 1 << 20)
        let page = try PageSample(forge)
        #expect(page.root.text.contains("<<< … (\((1 << 20) - 4096) characters more)"))
        #expect(page.bytes.count < 1 << 18)
    }

    @Test func endlessLog_isCut() throws {
        var forge = Forge()
        forge.events += (0..<1000).map { forge.event(4, 1, "event \($0)") }
        let page = try PageSample(forge)
        #expect(page.root.text.contains("\(1007 - 64) events more are not shown"))
    }

    /// Every character that could be markup, in a text and in an attribute.
    @Test func everyASCIICharacter_survivesAReader() throws {
        let printable = String(String.UnicodeScalarView((0x20..<0x7F).compactMap(Unicode.Scalar.init)))
        var writer = PageWriter()
        writer.write(Tag.p(.label(printable)) { printable })
        let element = try #require(PageElement.read(Array(writer.text.utf8)))
        #expect(element.text == printable && element.attributes == ["aria-label": printable])
        #expect(EscapedText(printable).markup.filter { "<>\"".contains($0) }.isEmpty)
    }

    /// The style sheet, whose browser knows no escapes, has nothing to escape.
    @Test func style_isWrittenAsItIs() throws {
        let rules = Style.rules.map { piece -> String in
            guard case .text(let text) = piece else { return "" }
            return text
        }
        #expect(rules.allSatisfy { !$0.isEmpty && EscapedText($0).markup == $0 })
        let text = String(decoding: try PageSample(.affirmed).bytes, as: UTF8.self)
        #expect(text.contains("<style>\(rules.joined())</style>"))
    }

    /// A sample of the bits of a recorded machine's evidence: whatever still parses has a page that a strict reader takes.
    @Test func flippedBits_leaveAPage() throws {
        func read(_ name: String) throws -> [UInt8] {
            let url = try #require(
                Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Recorded"))
            return [UInt8](try Data(contentsOf: url))
        }
        let bundle = try EvidenceBundle(read("evidence.json"), path: "evidence")
        #expect(try PageSample(bundle, Expectations()).verdict.outcome == .refused)
        var pages = 0
        for bit in stride(from: 0, to: bundle.report.count * 8, by: 41) {
            var changed = bundle
            changed.report[bit / 8] ^= 1 << UInt8(bit % 8)
            guard (try? UnverifiedEvidence(changed)) != nil else { continue }
            let page = try PageSample(changed, Expectations())
            #expect(page.verdict.outcome == .refused)
            pages += 1
        }
        #expect(pages > 30)
    }
}
