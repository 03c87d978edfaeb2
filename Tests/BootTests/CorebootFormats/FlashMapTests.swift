import CorebootFormats
import SICEABI
import Testing

@Suite struct FlashMapTests {
    /// A map of an 8 MiB flash with the given areas.
    private func map(_ areas: [(offset: UInt32, size: UInt32, name: String)]) -> [UInt8] {
        var bytes = Array("__FMAP__".utf8) + [1, 1] + [UInt8](repeating: 0, count: 8)
        bytes += word(8 << 20) + pad("FLASH")
        bytes += [UInt8(areas.count), 0]
        for area in areas { bytes += word(area.offset) + word(area.size) + pad(area.name) + [0, 0] }
        return bytes
    }

    private func word(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    private func pad(_ name: String) -> [UInt8] {
        Array(name.utf8) + [UInt8](repeating: 0, count: 32 - name.utf8.count)
    }

    private func find(_ name: String, in bytes: [UInt8]) -> Result<FlashMap.Area, ErrorCode> {
        do {
            return .success(try FlashMap.find(Array(name.utf8).span, in: bytes.span))
        } catch {
            return .failure(error)
        }
    }

    @Test func find_areaByItsWholeName() throws {
        let bytes = map([(0, 0x1000, "FMAP"), (0x2000, 0x3000, "COREBOOT2"), (0x1000, 0x1000, "COREBOOT")])
        let area = try find("COREBOOT", in: bytes).get()
        #expect(area.offset == 0x1000 && area.size == 0x1000)
    }

    @Test func reject_areaThatIsNotThere() {
        #expect(find("COREBOOT", in: map([(0, 0x1000, "FMAP")])) == .failure(.bootBadCBFS))
        #expect(find("FMA", in: map([(0, 0x1000, "FMAP")])) == .failure(.bootBadCBFS))
    }

    @Test func reject_areaThatLeavesTheFlash() {
        #expect(find("A", in: map([(8 << 20, 1, "A")])) == .failure(.bootBadCBFS))
        #expect(find("A", in: map([(UInt32.max, UInt32.max, "A")])) == .failure(.bootBadCBFS))
    }

    @Test func reject_everyTruncation() {
        let bytes = map([(0x1000, 0x1000, "COREBOOT")])
        for count in bytes.indices {
            #expect(find("COREBOOT", in: Array(bytes.prefix(count))) == .failure(.bootBadCBFS))
        }
    }

    @Test func reject_wrongSignature() {
        var bytes = map([(0x1000, 0x1000, "COREBOOT")])
        bytes[0] ^= 1
        #expect(find("COREBOOT", in: bytes) == .failure(.bootBadCBFS))
    }
}
