import Fixtures
import LinuxBoot
import Testing

@Suite struct BootParametersTests {
    private func page() throws -> [UInt8] {
        let bytes = SampleKernel().bytes
        var parameters = BootParameters()
        parameters.initrd = (0x1234_5000, 0x678)
        parameters.commandLine = 0x3000
        parameters.memoryEnd = 512 << 20
        var page = [UInt8](repeating: 0, count: BootParameters.size)
        var span = page.mutableSpan
        parameters.store(for: try KernelImage(bytes.span), into: &span)
        return page
    }

    private func word(_ page: [UInt8], _ offset: Int, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(page[offset + $1]) << UInt64(8 * $1) }
    }

    @Test func headerIsTheKernelsOwnButForTheLoadersFields() throws {
        let (page, file) = (try page(), SampleKernel().bytes)
        let loaders = Set([0x1FA, 0x1FB, 0x210]).union(0x218..<0x220).union(0x228..<0x22C)
        for offset in 0x1F1..<0x26C where !loaders.contains(offset) {
            #expect(page[offset] == file[offset], "offset \(offset)")
        }
        #expect(page[0x210] == 0xFF)
        #expect(word(page, 0x218, 4) == 0x1234_5000 && word(page, 0x21C, 4) == 0x678)
        #expect(word(page, 0x228, 4) == 0x3000)
    }

    @Test func memoryMapHasThreeRanges() throws {
        let page = try page()
        #expect(page[0x1E8] == 3)
        let ranges = (0..<3).map { index in
            (0..<3).map { word(page, 0x2D0 + index * 20 + $0 * 8, $0 == 2 ? 4 : 8) }
        }
        #expect(
            ranges == [[0, 0xA_0000, 1], [0xC_0000, 0x4_0000, 2], [0x10_0000, (512 << 20) - 0x10_0000, 1]])
        #expect(page[(0x2D0 + 60)...].allSatisfy { $0 == 0 })
    }
}
