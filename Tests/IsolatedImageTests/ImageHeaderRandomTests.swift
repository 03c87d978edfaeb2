import IsolatedImage
import SICEABI
import Testing

/// Whatever the bytes, the parser answers, and what it accepts keeps its promises.
@Suite struct ImageHeaderRandomTests {
    @Test func accept_onlyWhatKeepsThePromises() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("seed \(seed)")
        var random = SplitMix64(state: seed)
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

/// A generator whose runs can be repeated from a seed.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
