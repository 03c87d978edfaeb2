internal import StrictJSON

/// The chain as a picture, narrow enough for a phone: boxes from the top down, with arrows.
struct ChainDrawing {
    private static let (width, box, step) = (320, 46, 64)

    let links: [ChainLink]

    var svg: HTML {
        let height = max(1, links.count * Self.step - (Self.step - Self.box) + 2)
        return Tag.svg(
            .role(.img), .look(.drawing), .view(width: Self.width, height: height),
            .labelled(by: .drawing(.chain), .drawingText(.chain))
        ) {
            Tag.title(.id(.drawing(.chain))) { "The chain from the ROM to the workload" }
            Tag.desc(.id(.drawingText(.chain))) { words }
            for (index, link) in links.enumerated() {
                if index > 0 { arrow(to: index * Self.step) }
                picture(link, at: index * Self.step + 1)
            }
        }
    }

    private var words: String {
        let steps = links.enumerated().map { "\($0 + 1). \($1.title), \($1.status.words)." }
        return "From the top down: " + steps.joined(separator: " ")
    }

    private func picture(_ link: ChainLink, at top: Int) -> [HTML] {
        let hex = Hex.encode(link.digest)
        let digest = hex.isEmpty ? "" : "\(hex.prefix(8)) … \(hex.suffix(8))"
        return [
            Tag.rect(
                .look(link.status.look), .size(.x, 1), .size(.y, top), .size(.width, Self.width - 2),
                .size(.height, Self.box), .size(.rx, 6)),
            Tag.drawnText(.size(.x, 10), .size(.y, top + 19)) { "\(link.title): \(link.status.words)" },
            Tag.drawnText(.size(.x, 10), .size(.y, top + 37)) { digest },
        ]
    }

    private func arrow(to bottom: Int) -> [HTML] {
        let (middle, top) = (Self.width / 2, bottom - (Self.step - Self.box) + 1)
        return [(middle, top), (middle - 5, bottom - 5), (middle + 5, bottom - 5)].map { x, y in
            Tag.line(.size(.x1, x), .size(.y1, y), .size(.x2, middle), .size(.y2, bottom))
        }
    }
}
