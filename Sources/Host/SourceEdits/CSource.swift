/// A C source in the style in which the braces of functions stand in the first column. It knows where functions and
/// statements begin and end, and no more of the language.
struct CSource {
    /// A function's definition, by offsets.
    struct Function: Equatable {
        /// Of the line with its name.
        var line: Int
        /// Behind the opening brace, up to the closing one.
        var body: Range<Int>
    }

    let bytes: [UInt8]
    /// The same without comments, strings and the preprocessor's lines: spaces stand for them.
    private let code: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        code = CodeMask.applied(to: bytes)
    }

    /// The definitions of a name; declarations and calls are none.
    func functions(_ name: String) -> [Function] {
        words(name, in: code.indices).compactMap { place in
            var next = skipSpace(from: place.upperBound)
            guard let end = end(ofParenthesesAt: next) else { return nil }
            next = skipSpace(from: end)
            guard next < code.count, code[next] == UInt8(ascii: "{"), isInFirstColumn(next) else {
                return nil
            }
            let rest = code[next...].indices
            guard let close = rest.first(where: { code[$0] == UInt8(ascii: "}") && isInFirstColumn($0) })
            else { return nil }
            return Function(line: lineStart(place.lowerBound), body: next + 1..<close)
        }
    }

    /// The statements of a function that have a word. What ends in a brace is one up to there.
    func statements(with word: String, in function: Function) -> [Range<Int>] {
        let places = words(word, in: function.body).map(\.lowerBound)
        return statements(in: function.body).filter { statement in
            places.contains(where: statement.contains)
        }
    }

    /// Where the line behind an offset begins.
    func nextLine(_ offset: Int) -> Int {
        (bytes[offset...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count - 1) + 1
    }

    func lineStart(_ offset: Int) -> Int {
        (bytes[..<offset].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    }

    /// Whether a statement ends by itself: where it does not, a block follows.
    func isSimple(_ statement: Range<Int>) -> Bool { code[statement.upperBound - 1] == UInt8(ascii: ";") }

    private func statements(in body: Range<Int>) -> [Range<Int>] {
        var statements: [Range<Int>] = []
        var (start, depth) = (body.lowerBound, 0)
        for place in body {
            switch code[place] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case UInt8(ascii: ";") where depth == 0, UInt8(ascii: "{"), UInt8(ascii: "}"),
                UInt8(ascii: ":") where isLabel(start..<place):
                statements.append(skipSpace(from: start)..<place + 1)
                start = place + 1
            default: break
            }
        }
        return statements
    }

    /// Whether it is one of a switch's labels.
    private func isLabel(_ range: Range<Int>) -> Bool {
        let first = code[range].drop(while: isSpace).prefix(while: { CSource.isWord($0) })
        return first.elementsEqual("case".utf8) || first.elementsEqual("default".utf8)
    }

    private func words(_ word: String, in range: Range<Int>) -> [Range<Int>] {
        let word = Array(word.utf8)
        guard !word.isEmpty, range.count >= word.count else { return [] }
        return (range.lowerBound...range.upperBound - word.count).compactMap { start in
            let end = start + word.count
            guard code[start] == word[0], code[start..<end].elementsEqual(word),
                start == 0 || !CSource.isWord(code[start - 1]),
                end == code.count || !CSource.isWord(code[end])
            else { return nil }
            return start..<end
        }
    }

    private func end(ofParenthesesAt start: Int) -> Int? {
        guard start < code.count, code[start] == UInt8(ascii: "(") else { return nil }
        var depth = 0
        for place in start..<code.count {
            if code[place] == UInt8(ascii: "(") { depth += 1 }
            if code[place] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return place + 1 }
        }
        return nil
    }

    private func skipSpace(from start: Int) -> Int {
        code[start...].firstIndex { !isSpace($0) } ?? code.count
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (9...13).contains(byte) }
    private func isInFirstColumn(_ offset: Int) -> Bool {
        offset == 0 || bytes[offset - 1] == UInt8(ascii: "\n")
    }

    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
