internal import ReportFormat
internal import SICEABI

/// The run-time log as a line of letters, in rows that a phone has room for.
struct LogDrawing {
    private static let (perRow, width, row, box) = (10, 320, 44, 24)

    let entries: [RuntimeLogEntry]

    var svg: HTML {
        let rows = (entries.count + Self.perRow - 1) / Self.perRow
        return Tag.svg(
            .role(.img), .look(.drawing), .view(width: Self.width, height: max(1, rows * Self.row)),
            .labelled(by: .drawing(.line), .drawingText(.line))
        ) {
            Tag.title(.id(.drawing(.line))) { "Time line of the run-time log" }
            Tag.desc(.id(.drawingText(.line))) { words }
            for row in 0..<rows { line(row) }
            for (index, entry) in entries.enumerated() { picture(entry, at: index) }
        }
    }

    /// Neither a person who listens nor one who looks needs the table for the letters.
    private var words: String {
        var seen: [LogEvent] = []
        for entry in entries where !seen.contains(entry.event) { seen.append(entry.event) }
        let letters = seen.map { event in
            "\(event.letter), \(entries.filter { $0.event == event }.count) times: \(event.words)"
        }
        return "From the left to the right, then from the top down. " + letters.joined(separator: " ")
    }

    private func line(_ row: Int) -> HTML {
        let last = min(Self.perRow, entries.count - row * Self.perRow) - 1
        let y = row * Self.row + Self.box / 2 + 1
        return Tag.line(
            .size(.x1, Self.box / 2), .size(.y1, y), .size(.x2, last * 32 + Self.box / 2), .size(.y2, y))
    }

    private func picture(_ entry: RuntimeLogEntry, at index: Int) -> [HTML] {
        let (x, y) = (index % Self.perRow * 32 + 1, index / Self.perRow * Self.row + 1)
        let look: Attribute.Look = entry.event.isAlarming ? .fail : .pass
        let mark = entry.event.isAlarming ? "!" : ""
        return [
            Tag.rect(
                .look(look), .size(.x, x), .size(.y, y), .size(.width, Self.box),
                .size(.height, Self.box), .size(.rx, 4)),
            Tag.drawnText(.size(.x, x + 5), .size(.y, y + 17)) { "\(entry.event.letter)\(mark)" },
            Tag.drawnText(.size(.x, x), .size(.y, y + 38)) { "\(entry.sequence)" },
        ]
    }
}
