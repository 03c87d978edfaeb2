import Fixtures
import IsolatedImage
import SICEABI
import Testing

/// Whatever the bytes, the parser answers, and what it accepts keeps its promises.
@Suite struct ImageHeaderRandomTests {
    @Test func accept_onlyWhatKeepsThePromises() throws {
        var random = SeededRandom("image headers")
        let original = try SampleHeader().page()
        var accepted = 0
        for _ in 0..<20_000 {
            var page = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let offset = Int.random(in: 8..<300, using: &random)
                page[offset] = UInt8.random(in: 0...255, using: &random)
            }
            guard validationError(page) == nil else { continue }
            accepted += 1
            try checkPromises(page)
        }
        #expect(accepted > 0)
    }

    /// What the manager relies on after validation.
    func checkPromises(_ page: [UInt8]) throws {
        let header = try ImageHeader(validating: page.span)
        var end: UInt64 = ImageLayout.addressFloor
        for index in 0..<header.regionCount {
            let region = header.region(index)
            #expect(region.address >= end && region.address % 4096 == 0)
            #expect(region.end <= ImageLayout.addressLimit && region.end > region.address)
            #expect(!(region.isWritable && region.isExecutable))
            #expect(region.contentPages <= region.pages)
            end = region.end
        }
        for index in 0..<header.windowCount {
            #expect(!header.window(index).isExecutable)
            #expect(header.window(index).pages <= ImageLayout.maximumWindowPages)
        }
    }
}
