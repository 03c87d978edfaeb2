internal import SICEABI

extension MemoryMapPicture {
    private static let width = 960
    private static let columns = 64
    private static let cell = 14

    /// The picture as an SVG file (W3C SVG 1.1) that needs nothing from elsewhere. Places of findings are outlined.
    public func svg(findings: [Finding]) -> String {
        var (body, y) = ("", 30)
        func line(_ text: String, _ size: Int = 14) {
            body += Self.text(16, y, text, size)
            y += size + 8
        }
        line("SMRAM \(hex(smram.lowerBound)) to \(hex(smram.upperBound - 1)), \(coreCount) cores", 18)
        for area in areas {
            body += bar(area, y, findings)
            y += 24
        }
        y += 20
        let (pages, cells) = cells(Self.columns * 32)
        line("pool at \(hex(poolBase)): a square is \(sizeText(UInt64(pages) * ABI.pageSize))")
        for (index, owner) in cells.enumerated() {
            let size = UInt64(pages) * ABI.pageSize
            let start = poolBase + UInt64(index) * size
            body += Self.rectangle(
                16 + index % Self.columns * Self.cell, y + index / Self.columns * Self.cell, Self.cell - 1,
                Self.cell - 1, Self.color(owner), isMarked: Self.isFound(start..<start + size, findings))
        }
        y += (cells.count + Self.columns - 1) / Self.columns * Self.cell + 24
        body += legend(&y)
        for window in windows {
            let mapping = window.mapping
            line(
                "slot \(window.slot) at \(hex(mapping.address)): \(sizeText(mapping.size)) of the host's memory at "
                    + "\(hex(mapping.physical)), \(mapping.access)", 13)
        }
        line(findings.isEmpty ? "every rule holds" : "\(findings.count) findings, outlined in red")
        for finding in findings.prefix(20) {
            line("\(finding.rule.rawValue), \(finding.owner): \(hex(finding.address)), \(finding.detail)", 13)
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(Self.width)" height="\(y)" \
            viewBox="0 0 \(Self.width) \(y)" role="img" aria-label="memory map" font-family="monospace">
            <rect width="100%" height="100%" fill="#ffffff"/>
            \(body)</svg>

            """
    }

    private func bar(_ area: Area, _ y: Int, _ findings: [Finding]) -> String {
        let isMarked = Self.isFound(area.address..<area.address + area.size, findings)
        let access = area.access.map { "\($0)" } ?? "---"
        return Self.rectangle(16, y - 15, 20, 20, Self.areaColor(area.access), isMarked: isMarked)
            + Self.text(46, y, "\(hex(area.address))  \(access)  \(sizeText(area.size))  \(area.name)", 14)
    }

    private func legend(_ y: inout Int) -> String {
        var owners: [(AuditOwner?, String)] = [
            (.pool, "free"), (.manager, "manager"), (nil, "several owners"),
        ]
        owners += environments.map { (.environment(slot: $0.slot), "slot \($0.slot): \($0.text)") }
        var body = ""
        for (owner, name) in owners {
            body += Self.rectangle(16, y - 12, 13, 13, Self.color(owner), isMarked: false)
            body += Self.text(40, y, name, 14)
            y += 22
        }
        return body
    }

    private static func isFound(_ range: Range<UInt64>, _ findings: [Finding]) -> Bool {
        findings.contains { $0.address < range.upperBound && range.lowerBound < $0.address &+ $0.size }
    }

    private static func areaColor(_ access: PageAccess?) -> String {
        guard let access else { return "#b0b0b0" }
        return access.contains(.execute) ? "#3a6ea5" : access.contains(.write) ? "#f0c987" : "#9fc5a8"
    }

    /// A slot's color is its number's place on the circle of hues.
    private static func color(_ owner: AuditOwner?) -> String {
        switch owner {
        case nil: "#555555"
        case .pool: "#e8e8e8"
        case .manager, .core: "#f0c987"
        case .environment(let slot): "hsl(\((slot * 137 + 200) % 360),60%,55%)"
        }
    }

    private static func rectangle(
        _ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: String, isMarked: Bool
    ) -> String {
        let outline = isMarked ? " stroke=\"#d00000\" stroke-width=\"3\"" : ""
        return
            "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(color)\"\(outline)/>\n"
    }

    /// Names come out of the memory: markup in them shows as itself.
    private static func text(_ x: Int, _ y: Int, _ text: String, _ size: Int) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
        return "<text x=\"\(x)\" y=\"\(y)\" font-size=\"\(size)\" xml:space=\"preserve\">\(escaped)</text>\n"
    }
}
