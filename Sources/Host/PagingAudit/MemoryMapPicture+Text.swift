internal import SICEABI

extension MemoryMapPicture {
    private static let columns = 64

    /// The picture in characters.
    public var text: [String] {
        var lines = [
            "SMRAM \(hex(smram.lowerBound)) to \(hex(smram.upperBound - 1)), "
                + "\(sizeText(UInt64(smram.count))), \(coreCount) cores"
        ]
        lines += areas.map { area in
            row(area.address, area.size, area.access.map { "\($0)" } ?? "   ", area.name)
        }
        lines.append(row(poolBase, UInt64(owners.count) * ABI.pageSize, "rw-", "pool"))
        lines += poolLines
        lines += environments.map {
            "  \(Self.letter(.environment(slot: $0.slot))) = slot \($0.slot): \($0.text)"
        }
        if !windows.isEmpty { lines.append("windows into the host's memory") }
        lines += windows.map { window in
            let mapping = window.mapping
            return row(mapping.physical, mapping.size, "\(mapping.access)", "slot \(window.slot)")
                + " at \(hex(mapping.address))"
        }
        return lines
    }

    private func row(_ address: UInt64, _ size: UInt64, _ access: String, _ name: String) -> String {
        let size = sizeText(size)
        let gap = String(repeating: " ", count: max(1, 12 - size.count))
        let digits = String(address, radix: 16)
        let zeros = String(repeating: "0", count: max(0, 9 - digits.count))
        return "  0x\(zeros)\(digits)\(gap)\(size)  \(access)  \(name)"
    }

    /// One character a piece of the pool.
    private var poolLines: [String] {
        let (pages, cells) = cells(Self.columns * 16)
        let letters = cells.map { $0.map(Self.letter) ?? "+" }
        let rows = stride(from: 0, to: letters.count, by: Self.columns).map { start in
            "  |" + letters[start..<min(start + Self.columns, letters.count)].joined() + "|"
        }
        let free = self.pages(0)
        return Self.shortened(rows) + [
            "  a character is \(sizeText(UInt64(pages) * ABI.pageSize)): . free, M the manager's, "
                + "0 to F a slot's, + several; \(free) of \(owners.count) pages are free"
        ]
    }

    /// Says once what many rows say.
    private static func shortened(_ rows: [String]) -> [String] {
        var (lines, repeats): ([String], Int) = ([], 0)
        for (index, row) in rows.enumerated() {
            repeats = index > 0 && rows[index - 1] == row ? repeats + 1 : 0
            if repeats > 1 { lines.removeLast() }
            lines.append(
                repeats == 0 ? row : "  |\(repeats == 1 ? "the same" : "the same, \(repeats) rows")|")
        }
        return lines
    }

    private static func letter(_ owner: AuditOwner) -> String {
        switch owner {
        case .pool: "."
        case .manager, .core: "M"
        case .environment(let slot): String(slot, radix: 16).uppercased()
        }
    }
}
