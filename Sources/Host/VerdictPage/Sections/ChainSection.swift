internal import Evidence

/// The chain from the ROM to the workload: drawn, and in words with each digest.
extension VerdictPage {
    var chainSection: HTML {
        let links = bootLinks + vouchingLinks
        return Tag.section(.labelled(by: .chain)) {
            Tag.h2(.id(.chain)) { "The chain from the ROM to the workload" }
            Tag.p {
                "The machine measures each program before it runs it, from the first one on. The TPM keeps the measurements, and "
                    + "the security manager reports what it runs. Each step is compared with what was known beforehand."
            }
            Tag.div(.look(.wide)) {
                ChainDrawing(links: links).svg
                Tag.ol(.look(.chain)) {
                    for link in links { item(link) }
                }
            }
            rest
        }
    }

    private func item(_ link: ChainLink) -> HTML {
        Tag.li(.look(link.status.look)) {
            Tag.h3 {
                "\(link.title) "
                Tag.span(.look(.status)) { link.status.words }
            }
            Tag.p {
                if !link.name.isEmpty { [HTML.quoted(link.name), .text(". ")] }
                link.meaning
            }
            for value in link.values {
                Tag.dl(.look(.facts)) {
                    if !value.title.isEmpty { fact("Check", .text("\(value.title) \(value.status.words)")) }
                    value.facts(self)
                }
            }
        }
    }

    private var rest: [HTML] {
        let more = evidence.bootLog.events.count - bootLinks.count
        return more > 0 ? [Tag.p { "\(more) events more are not shown." }] : []
    }
}
