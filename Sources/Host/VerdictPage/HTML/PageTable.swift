/// Tables whose roles stay when a narrow screen lays them out as lists.
struct PageTable {
    let caption: String
    /// The first is that of the rows' heads.
    let columns: [String]
    let rows: [Row]

    struct Row {
        let anchor: Anchor?
        let look: Attribute.Look?
        let head: [HTML]
        let cells: [[HTML]]
    }

    var html: HTML {
        Tag.table(.role(.table)) {
            Tag.caption { caption }
            Tag.thead(.role(.rowgroup)) {
                Tag.tr(.role(.row)) {
                    for column in columns { Tag.th(.scope(.col), .role(.columnheader)) { column } }
                }
            }
            Tag.tbody(.role(.rowgroup)) {
                for row in rows { html(row) }
            }
        }
    }

    private func html(_ row: Row) -> HTML {
        let attributes = [Attribute.role(.row)] + (row.anchor.map { [.id($0)] } ?? [])
        return .element(.tr, attributes + (row.look.map { [.look($0)] } ?? []), cells(row))
    }

    private func cells(_ row: Row) -> [HTML] {
        [Tag.th(.scope(.row), .role(.rowheader)) { row.head }]
            + zip(columns.dropFirst(), row.cells).map { column, cell in
                Tag.td(.role(.cell), .column(column)) { cell }
            }
    }
}
