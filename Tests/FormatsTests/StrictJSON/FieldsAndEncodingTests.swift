import Diagnostics
import SICEABI
import StrictJSON
import Testing

@Suite struct JSONFieldsTests {
    private let errors = JSONFields.Errors(
        unreadable: .manifestUnreadable, unknownKey: .manifestUnknownKey, missingKey: .manifestMissingKey)

    private func fields(_ text: String) throws(ToolError) -> JSONFields {
        try JSONFields(document: Array(text.utf8), schema: "t/1", context: "file", errors: errors)
    }

    @Test func reject_unknownKeyByName() throws {
        let fields = try fields(#"{"schema": "t/1", "sise": 1}"#)
        let error = #expect(throws: ToolError.self) { try fields.finish() }
        #expect(error?.code == .manifestUnknownKey)
        #expect(error?.detail.contains("\"sise\"") == true)
    }

    @Test func unknownKey_cannotDriveATerminal() throws {
        let fields = try fields(#"{"schema": "t/1", "\u001b[2J\u009b": 1}"#)
        let error = #expect(throws: ToolError.self) { try fields.finish() }
        #expect(error?.detail.contains(#""\u001b[2J\u009b""#) == true)
    }

    @Test func reject_missingKeyByName() throws {
        var fields = try fields(#"{"schema": "t/1"}"#)
        let error = #expect(throws: ToolError.self) { try fields.string("name") }
        #expect(error?.code == .manifestMissingKey)
        #expect(error?.detail.contains("\"name\"") == true)
    }

    @Test(arguments: ["[]", "{\"schema\": \"t/2\"}", "{\"schema\": 1}", "{"])
    func reject_otherDocument(_ text: String) {
        let error = #expect(throws: ToolError.self) { try fields(text) }
        #expect(error?.code == .manifestUnreadable)
    }

    @Test func reject_wrongType() throws {
        var fields = try fields(#"{"schema": "t/1", "a": 1, "h": "AB", "b": "AB=="}"#)
        let errors = [
            #expect(throws: ToolError.self) { try fields.string("a") },
            #expect(throws: ToolError.self) { try fields.boolean("a") },
            #expect(throws: ToolError.self) { try fields.array("a") },
            #expect(throws: ToolError.self) { try fields.integer("h") },
            #expect(throws: ToolError.self) { try fields.hex("h") },
            #expect(throws: ToolError.self) { try fields.base64("b") },
        ]
        #expect(errors.allSatisfy { $0?.code == .manifestUnreadable })
    }
}

@Suite struct TextEncodingTests {
    @Test(arguments: 0..<70) func base64_isReadBack(_ count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        #expect(Hex.decode(Hex.encode(bytes)) == bytes)
    }

    @Test func base64_ofRFC4648() {
        #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy")
        #expect(Base64.encode(Array("fooba".utf8)) == "Zm9vYmE=")
        #expect(Base64.encode(Array("foob".utf8)) == "Zm9vYg==")
    }

    @Test(arguments: [
        "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm-v", "=m9v", "Zm=v",
    ])
    func reject_nonCanonicalBase64(_ text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["A0", "0", "0g", "0x00", " 00"]) func reject_otherHexadecimal(_ text: String) {
        #expect(Hex.decode(text) == nil)
    }
}
