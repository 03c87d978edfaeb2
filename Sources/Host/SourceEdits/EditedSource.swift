internal import Diagnostics
internal import SICEABI

/// A source and what is put into it. Places are looked for in the source as it was: no edit finds the words of another.
struct EditedSource {
    private let path: String
    private let source: CSource
    private var insertions: [(offset: Int, text: String)] = []

    init(_ text: String, path: String) {
        self.path = path
        source = CSource(text)
    }

    /// Throws `editApplied` when the source has this edit's mark, `editStale` for a function or statement that is not there
    /// exactly once.
    mutating func insert(_ insertion: SourceEdit.Insertion, of edit: String) throws(ToolError) {
        let mark = "/* sice: \(edit) */"
        guard !String(decoding: source.bytes, as: UTF8.self).contains(mark) else {
            throw ToolError(.editApplied, "\(edit).edit: \(path)")
        }
        let functions = source.functions(insertion.function)
        guard functions.count == 1 else {
            throw stale(insertion, edit, "the function", functions.count)
        }
        let offset = try offset(insertion, edit, in: functions[0])
        insertions.append((offset, "\(mark)\n\(insertion.text)/* sice: end */\n"))
    }

    /// The source with all of them.
    var text: String {
        var bytes: [UInt8] = []
        var done = 0
        // Sorted by place; edits of one place in the order in which they came.
        for (_, insertion) in insertions.enumerated().sorted(by: { ($0.1.offset, $0.0) < ($1.1.offset, $1.0) }
        ) {
            bytes += source.bytes[done..<insertion.offset] + Array(insertion.text.utf8)
            done = insertion.offset
        }
        return String(decoding: bytes + source.bytes[done...], as: UTF8.self)
    }

    private func offset(
        _ insertion: SourceEdit.Insertion, _ edit: String, in function: CSource.Function
    ) throws(ToolError) -> Int {
        switch insertion.place {
        case .above: return function.line
        case .start: return source.nextLine(function.body.lowerBound)
        case .end: return function.body.upperBound
        case .before(let word):
            return source.lineStart(try statement(word, insertion, edit, in: function).lowerBound)
        case .after(let word):
            let statement = try statement(word, insertion, edit, in: function)
            guard source.isSimple(statement) else {
                throw stale(insertion, edit, "\(word), with a block behind it,", 1)
            }
            return source.nextLine(statement.upperBound - 1)
        }
    }

    private func statement(
        _ word: String, _ insertion: SourceEdit.Insertion, _ edit: String, in function: CSource.Function
    ) throws(ToolError) -> Range<Int> {
        let statements = source.statements(with: word, in: function)
        guard statements.count == 1 else { throw stale(insertion, edit, word, statements.count) }
        return statements[0]
    }

    private func stale(
        _ insertion: SourceEdit.Insertion, _ edit: String, _ what: String, _ count: Int
    ) -> ToolError {
        let times = count == 0 ? "is not there" : count == 1 ? "is no place" : "is there \(count) times"
        return ToolError(.editStale, "\(edit).edit: \(path): \(insertion.function): \(what) \(times)")
    }
}
