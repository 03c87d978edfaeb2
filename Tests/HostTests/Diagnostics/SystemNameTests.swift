import Diagnostics
import Foundation
import SICEABI
import Testing

/// Names that are not UTF-8 are names all the same.
@Suite struct SystemNameTests {
    @Test func text_isTextWhereItCanBe() {
        for name in ["", "image", "größe/文件", "\u{1F600}", "-"] {
            #expect(SystemName.text(Array(name.utf8)) == name)
            #expect(SystemName.bytes(name) == Array(name.utf8))
        }
    }

    /// Every byte alone, cut characters, surrogates, overlong forms, and the characters that stand for bytes.
    @Test func bytes_areTheSameOnTheWayBack() {
        var names: [[UInt8]] = (0...255).map { [0x61, $0, 0x62] }
        names += [
            [0xC3], [0xE6, 0x96], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF4, 0x8F, 0x9E, 0x80],
            [0xF4, 0x8F, 0x9F, 0xBF], [0xFF, 0xC3, 0xBC, 0xFF], [0xF0, 0x9F, 0x98, 0x80, 0x80],
        ]
        for name in names {
            #expect(SystemName.bytes(SystemName.text(name)) == name, "\(name)")
        }
        #expect(Set(names.map(SystemName.text)).count == Set(names).count)
    }

    @Test func require_refusesWhatIsNoText() {
        let name = SystemName.text([0xFF])
        #expect(throws: ToolError(.outputFailed, "\(name): this name must be UTF-8")) {
            try SystemName.requireText(name, otherwise: .outputFailed)
        }
        #expect(throws: Never.self) { try SystemName.requireText("ü", otherwise: .outputFailed) }
    }
}
