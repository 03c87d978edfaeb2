internal import IsolatedImage
internal import SICEABI

/// What a person must look at when the header's validation refuses an image: the regions, windows and addresses that the
/// error is about.
struct ImageFault {
    private let error: ErrorCode
    private let image: ImageContents

    init(_ error: ErrorCode, _ image: ImageContents) {
        self.error = error
        self.image = image
    }

    /// Name of the image, then what is at fault.
    var text: String {
        switch error {
        case .imageRegionsOverlap: line(overlap)
        case .imageRegionOutOfRange, .imageRegionMisaligned: line(areas.last { !$0.isInOrder }?.text)
        case .imageWritableAndExecutable:
            line(areas.first { $0.region.isWritable && $0.region.isExecutable }?.text)
        case .imageBadEntry: line("entry \(image.entry.address) is in none of: \(list { $0.isExecutable })")
        case .imageBadStackOrRoot:
            line(
                "stack pointer \(image.stackPointer.address), page tables \(image.pageTableRoot.address); "
                    + "writable: \(list { $0.isWritable })")
        case .imageTooManyRegions:
            line("\(image.parts.count) regions and \(image.windows.count) windows")
        case .imageBadBootParameters: line("boot parameters \(image.bootParameters.address)")
        default: image.name
        }
    }

    private func line(_ what: String?) -> String { what.map { "\(image.name): \($0)" } ?? image.name }

    private struct Area {
        let name: String
        let region: ImageRegion
        var text: String { "\(name) at \(region.address.address) to \(region.end.address)" }
        /// Has pages, all of them in the guest's address space.
        var isInOrder: Bool {
            region.address % ABI.pageSize == 0 && region.pages > 0
                && region.address < ImageLayout.addressLimit
                && region.pages <= (ImageLayout.addressLimit - region.address) / ABI.pageSize
        }
    }

    /// Regions and windows with the names that `sice-attest inspect` gives them.
    private var areas: [Area] {
        image.parts.enumerated().map { Area(name: "region \($0)", region: $1.region) }
            + image.windows.enumerated().map { Area(name: "window \($0)", region: $1) }
    }

    private var overlap: String? {
        let areas = areas
        for (index, later) in areas.enumerated() {
            for earlier in areas[..<index] where earlier.region.overlaps(later.region) {
                return "\(later.text) overlaps \(earlier.text)"
            }
        }
        return nil
    }

    private func list(_ isWanted: (ImageRegion) -> Bool) -> String {
        let texts = areas.filter { isWanted($0.region) }.map(\.text)
        return texts.isEmpty ? "no region" : texts.joined(separator: ", ")
    }
}
