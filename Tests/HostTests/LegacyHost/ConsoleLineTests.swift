import DeviceModel
import Fixtures
import Testing

@testable import LegacyHost

@Suite struct ConsoleLineTests {
    /// The example of RFC 1073: a terminal of 80 columns and 24 rows; a 255 within is doubled.
    @Test func encode_asInTheStandard() {
        #expect(
            ConsoleLine.encode(WindowSize(rows: 24, columns: 80)) == [255, 250, 31, 0, 80, 0, 24, 255, 240])
        #expect(
            ConsoleLine.encode(WindowSize(rows: 255, columns: 256))
                == [255, 250, 31, 1, 0, 0, 255, 255, 255, 240])
    }

    @Test func bytesAndSizesComeOutAsTheyWentIn() {
        var random = SeededRandom(seed: 31)
        var decoder = ConsoleLineDecoder()
        for _ in 0..<500 {
            let typed = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                Bool.random(using: &random) ? 255 : UInt8.random(in: 0...255, using: &random)
            }
            let size = WindowSize(
                rows: .random(in: 1...UInt16.max, using: &random),
                columns: .random(in: 1...UInt16.max, using: &random))
            let sent = ConsoleLine.encode(typed) + ConsoleLine.encode(size)
            // In two pieces, as a stream may come.
            let cut = Int.random(in: 0...sent.count, using: &random)
            #expect(decoder.decode(Array(sent[..<cut])) + decoder.decode(Array(sent[cut...])) == typed)
            #expect(decoder.takeSize() == size)
            #expect(decoder.takeSize() == nil)
        }
    }

    /// The guest's bytes come through whatever they are, in whatever pieces; the last word is none of them.
    @Test(arguments: [ConsoleLine.Farewell.ended, .taken]) func answersComeOutAsTheyWentIn(
        _ farewell: ConsoleLine.Farewell
    ) {
        var random = SeededRandom(seed: 32)
        for _ in 0..<500 {
            let words = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
                Bool.random(using: &random) ? 255 : UInt8.random(in: 0...255, using: &random)
            }
            let sent = ConsoleLine.encode(words) + ConsoleLine.encode(farewell) + [65, 255, 240]
            var decoder = ConsoleAnswerDecoder()
            let cut = Int.random(in: 0...sent.count, using: &random)
            #expect(decoder.decode(Array(sent[..<cut])) + decoder.decode(Array(sent[cut...])) == words)
            #expect(decoder.farewell == farewell)
        }
        var decoder = ConsoleAnswerDecoder()
        #expect(decoder.decode([65, 255, 241, 66, 255]) == [65, 66] && decoder.farewell == nil)
    }

    /// Other options, sizes that are none, and unknown commands are dropped; what follows counts again.
    @Test(
        arguments: [
            [255, 250, 31, 0, 80, 0, 255, 240], [255, 250, 31, 0, 80, 0, 24, 9, 255, 240],
            [255, 250, 24, 0, 80, 0, 24, 255, 240], [255, 250, 31, 0, 0, 0, 24, 255, 240],
            [255, 250, 31, 0, 80, 0, 0, 255, 240], [255, 250, 255, 240], [255, 241],
            [255, 250] + [UInt8](repeating: 31, count: 5000) + [255, 240],
        ] as [[UInt8]])
    func drop_whatMakesNoSense(_ bytes: [UInt8]) {
        var decoder = ConsoleLineDecoder()
        #expect(decoder.decode(bytes + [65]) == [65])
        #expect(decoder.takeSize() == nil)
    }
}
