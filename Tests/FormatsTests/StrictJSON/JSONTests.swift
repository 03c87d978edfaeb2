import StrictJSON
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws(JSONError) -> JSON { try JSON(parsing: Array(text.utf8)) }

    @Test func accept_everyKind() throws {
        let value = try parse(
            #" {"a": [1, -2, 0], "b": {"c": null}, "d": true, "e": false, "f": "x\u00e9\n\ud83d\ude00"} "#)
        #expect(
            value
                == .object([
                    "a": .array([.integer(1), .integer(-2), .integer(0)]), "b": .object(["c": .null]),
                    "d": .boolean(true), "e": .boolean(false), "f": .string("xé\n😀"),
                ]))
    }

    @Test func text_isReadBack() throws {
        let value = JSON.object([
            "quote\"\\": .string("line\nbell\u{7}é😀"), "empty": .array([]), "object": .object([]),
            "numbers": .array([.integer(.min), .integer(.max)]),
        ])
        #expect(try parse(value.text) == value)
        #expect(try parse(value.line) == value)
        #expect(!value.line.contains("\n"))
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1,}", "{a:1}", "\"", "\"\\",
        "\"\\u12",
        "\"\\x\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\u{1}\"", "tru", "01", "-", "1.0",
        "1e3",
        "9223372036854775808", "1 2", "{} x", "{\"a\":1,\"a\":2}", "{\"a\":1,\"\\u0061\":2}", "'a'", "[1 2]",
        "+1",
        "\u{FEFF}1", "NaN",
    ])
    func reject_malformed(_ text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func reject_invalidUTF8() {
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSON(parsing: [0x22, 0xC0, 0x80, 0x22]) }
    }

    @Test func reject_deepNesting() throws {
        _ = try parse(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        #expect(throws: JSONError.self) {
            try parse(String(repeating: "[", count: 33) + String(repeating: "]", count: 33))
        }
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
    }
}
