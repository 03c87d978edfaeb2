import Foundation
import Testing

@testable import VerdictPage

/// The page in a browser: Chromium without a window, named by SICE_CHROMIUM or found by its name.
@Suite(.enabled(if: Browser.isThere, "\(Browser.condition)"), .serialized)
struct BrowserTests {
    /// A name that would run, hide or claim something.
    private static let name =
        "<script>document.title='run'</script><h1>✓ affirmed</h1><img src=x onerror=x()>"

    private func page(_ kind: PageSample.Kind) throws -> PageSample {
        guard kind == .refused else { return try PageSample(kind) }
        return try PageSample.hostile(Self.name)
    }

    /// What a person sees is the verdict of the evidence, in a page that is no wider than its screen.
    @Test(arguments: PageSample.Kind.allCases, [375, 1280]) func page_showsItsVerdict(
        _ kind: PageSample.Kind, _ width: Int
    ) throws {
        let page = try page(kind)
        let seen = try Browser().look(at: page.bytes, width: width)
        let heading = try #require(page.root.elements("h1").first?.text)
        #expect(seen["heading"] == heading && seen["title"] == heading && seen["headings"] == "1")
        #expect(seen["scripts"] == "0" && seen["images"] == "0")
        #expect(Int(seen["scrollWidth"] ?? "") ?? .max <= width)
        #expect(seen["name"] == (kind == .refused ? Self.name : "signer"))
        // Tables are lists where there is no room for them.
        #expect(seen["row"] == (width < 600 ? "block" : "table-row"))
        #expect(seen["checks"] == "16" && seen["protections"] == "22")
    }

    @Test func page_isPrinted() throws {
        let document = try Browser().print(PageSample(.refused).bytes)
        #expect(document.starts(with: Array("%PDF-".utf8)) && document.count > 10_000)
    }
}
