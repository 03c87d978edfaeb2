/// The fields of a request's head (RFC 9110 §5, RFC 9112 §5).
struct HeaderFields {
    /// Values in their order, by the name in small letters.
    private var values: [String: [String]] = [:]

    /// Takes the lines behind the first one. A name with a blank behind it, a line that continues another one, a character
    /// that moves a terminal: all refused, since who reads them differently sees another request.
    init(_ lines: some Sequence<ArraySlice<UInt8>>) throws(HTTPRefusal) {
        for line in lines {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), HTTPToken.isToken(line[..<colon]) else {
                throw HTTPRefusal("malformed header field")
            }
            let value = HeaderFields.trimmed(line[line.index(after: colon)...])
            guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
                throw HTTPRefusal("a control character in a header field")
            }
            let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
            values[name, default: []].append(String(decoding: value, as: UTF8.self))
        }
    }

    /// The value of a field that may be there once; nil when it is not there.
    func single(_ name: String) throws(HTTPRefusal) -> String? {
        guard let all = values[name] else { return nil }
        guard all.count == 1 else { throw HTTPRefusal("header field \(name) appears twice") }
        return all[0]
    }

    /// The members of a field that is a list, which may go over several lines, in small letters.
    func list(_ name: String) -> [String] {
        values[name, default: []].flatMap { $0.split(separator: ",") }.map { member in
            String(decoding: HeaderFields.trimmed(Array(member.utf8)[...]), as: UTF8.self).lowercased()
        }
    }

    private static func trimmed(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let start = value.drop(while: isBlank)
        return start[..<(start.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start.startIndex)]
    }
}

/// The alphabets of RFC 9110 and RFC 3986.
enum HTTPToken {
    private static let marks = Set("!#$%&'*+-.^_`|~".utf8)
    private static let hostMarks = Set("-._~!$&'()*+,;=:[]%".utf8)

    /// What methods and names of fields are (RFC 9110 §5.6.2).
    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { isAlphanumeric($0) || marks.contains($0) }
    }

    /// A host, with or without a port; nobody's name and password (RFC 9110 §4.2.4).
    static func isHost(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.allSatisfy { isAlphanumeric($0) || hostMarks.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: false
        }
    }
}
