internal import IsolatedImage
internal import SICEABI

/// What an environment's header page declares.
struct AuditedImage {
    let name: String
    let kind: ImageKind
    let regions: [ImageRegion]
    let windows: [ImageRegion]

    /// Nil for a page that the manager would not take.
    init?(headerPage bytes: [UInt8]) {
        do throws(ErrorCode) {
            let header = try ImageHeader(validating: bytes.span)
            let name = header.name
            self.name = String(decoding: (0..<name.count).map { name[$0] }, as: UTF8.self)
            kind = header.isLinuxGuest ? .linuxGuest : .bareProgram
            regions = (0..<header.regionCount).map { header.region($0) }
            windows = (0..<header.windowCount).map { header.window($0) }
        } catch { return nil }
    }

    /// The region or window that a guest-physical address is in.
    func place(of address: UInt64) -> Place? {
        if let region = regions.first(where: { $0.contains(address) }) { return .region(region) }
        return windows.firstIndex { $0.contains(address) }.map { .window($0, windows[$0]) }
    }

    enum Place {
        case region(ImageRegion)
        case window(Int, ImageRegion)
    }

    /// What the guest may do there at most: no window is executable, and a bare program's memory not while it is writable.
    func access(_ place: Place) -> PageAccess {
        switch place {
        case .window(_, let window): return PageAccess(rawValue: window.permissions).subtracting(.execute)
        case .region(let region):
            let access = PageAccess(rawValue: region.permissions)
            return kind == .bareProgram && access.contains(.write) ? access.subtracting(.execute) : access
        }
    }
}
