import Appraisal
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import StrictJSON
import Testing

@Suite struct BitFlipTests {
    /// Every bit of the file, one at a time: whatever the flip hits, the verdict is not "affirmed".
    @Test func flip_isNeverAffirmed() async throws {
        let forge = Forge()
        let expectations = forge.expectations
        let text = Array(forge.bundle().json.line.utf8)
        #expect(try appraise(EvidenceBundle(text, path: "e"), expectations).outcome == .affirmed)
        let affirmed = await withTaskGroup(of: [Int].self) { group in
            let size = text.count / 8 + 1
            for start in stride(from: 0, to: text.count, by: size) {
                let part = start..<min(start + size, text.count)
                group.addTask { flips(of: text, in: part, expectations) }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(affirmed == [])
    }
}

/// Numbers of the bits whose flip was affirmed.
private func flips(of text: [UInt8], in part: Range<Int>, _ expectations: Expectations) -> [Int] {
    var affirmed: [Int] = []
    for bit in (part.lowerBound * 8)..<(part.upperBound * 8) {
        var changed = text
        changed[bit / 8] ^= 1 << UInt8(bit % 8)
        do throws(ToolError) {
            let verdict = try appraise(EvidenceBundle(changed, path: "e"), expectations)
            if verdict.outcome == .affirmed { affirmed.append(bit) }
        } catch { continue }
    }
    return affirmed
}
