internal import Diagnostics
internal import IsolatedImage
internal import OpenSSLCrypto
internal import SICEABI

/// A digest of each content page of an image, so that two large images can be compared in little memory.
struct PageDigests {
    /// By region, then page.
    private(set) var pages: [[[UInt8]]] = []
    private static let zeroPage = SHA256.hash([UInt8](repeating: 0, count: Int(ABI.pageSize)))

    /// Reads the file anew.
    init(_ file: borrowing InputFile, _ summary: ImageSummary) throws(ToolError) {
        file.rewind()
        var page = [UInt8](repeating: 0, count: Int(ABI.pageSize))
        _ = try file.read(into: &page)
        for region in summary.regions {
            var digests: [[UInt8]] = []
            for _ in 0..<region.contentPages {
                guard try file.read(into: &page) == page.count else {
                    throw ToolError(.imageTruncated, file.name)
                }
                digests.append(SHA256.hash(page))
            }
            pages.append(digests)
        }
    }

    /// Pages beyond the content are zero.
    func digest(_ region: Int, _ page: Int) -> [UInt8] {
        page < pages[region].count ? pages[region][page] : PageDigests.zeroPage
    }
}
