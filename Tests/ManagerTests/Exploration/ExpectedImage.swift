import IsolatedImage
import SICEABI
import Simulation

/// What an image makes of memory.
struct ExpectedImage {
    let header: [UInt8]
    /// Content pages by guest-physical address.
    let pages: [UInt64: [UInt8]]
    /// The same in the order of loading.
    let content: [[UInt8]]
    let digest: [UInt8]

    init(_ image: SampleImage) throws(ErrorCode) {
        header = try image.header()
        digest = sha256(try image.file())
        var pages: [UInt64: [UInt8]] = [:]
        for region in image.regions {
            for page in 0..<region.contentPages {
                pages[region.address + page * 4096] = image.content(pages.count)
            }
        }
        self.pages = pages
        content = (0..<pages.count).map { image.content($0) }
    }
}
