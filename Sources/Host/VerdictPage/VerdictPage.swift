public import Appraisal
public import Evidence

/// A verdict as a page for people who must sign off a machine: the verdict, the chain from the ROM to the workload, every check,
/// every protection, the run-time log.
///
/// It needs nothing but itself, and no program runs in it. The same evidence, expectations and names give the same bytes.
public struct VerdictPage: Sendable {
    /// Where something that the appraisal went by is from.
    public struct Input: Equatable, Sendable {
        let title: String
        let origin: String

        /// - Parameter origin: the file's name, or what stands for it.
        public init(_ title: String, from origin: String) {
            self.title = title
            self.origin = origin
        }
    }

    let evidence: UnverifiedEvidence
    let expectations: Expectations
    let verdict: Verdict
    let inputs: [Input]

    /// - Parameter expectations: those by which `verdict` was reached.
    public init(
        _ verdict: Verdict, on evidence: UnverifiedEvidence, by expectations: Expectations,
        inputs: [Input] = []
    ) {
        self.verdict = verdict
        self.evidence = evidence
        self.expectations = expectations
        self.inputs = inputs
    }

    /// The page in UTF-8.
    public var bytes: [UInt8] {
        var writer = PageWriter()
        writer.write(document)
        return Array(writer.text.utf8)
    }

    private var document: HTML {
        Tag.html(.english) {
            Tag.head {
                Tag.meta(.utf8)
                HTML.element(.meta, Attribute.selfContained, [])
                HTML.element(.meta, Attribute.setting("viewport", "width=device-width, initial-scale=1"), [])
                HTML.element(.meta, Attribute.setting("color-scheme", "light dark"), [])
                Tag.title { title }
                Tag.style { Style.rules }
            }
            Tag.body {
                summary
                contents
                Tag.main { [chainSection, checkSection, protectionSection, logSection, inputSection] }
                Tag.footer {
                    Tag.p { "Made by sice-attest verify. Nothing on this page comes from elsewhere." }
                }
            }
        }
    }

    private var contents: HTML {
        Tag.nav(.label("Contents")) {
            Tag.ul {
                Tag.li { Tag.a(.link(to: .chain)) { "Chain" } }
                Tag.li { Tag.a(.link(to: .checks)) { "Checks" } }
                Tag.li { Tag.a(.link(to: .protections)) { "Protections" } }
                Tag.li { Tag.a(.link(to: .runtimeLog)) { "Run-time log" } }
                Tag.li { Tag.a(.link(to: .inputs)) { "What was compared" } }
            }
        }
    }
}
