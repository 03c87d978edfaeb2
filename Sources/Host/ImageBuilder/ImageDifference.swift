public import Diagnostics
public import IsolatedImage
public import SICEABI

/// What makes the measurements of two images differ: header fields, regions, pages.
public struct ImageDifference: Equatable, Sendable {
    /// A header field or table row that differs, as text.
    public struct Field: Equatable, Sendable {
        public let name: String
        public let first: String
        public let second: String
    }

    /// Pages of a region that both images have at the same place.
    public struct Pages: Equatable, Sendable {
        public let region: Int
        /// Guest-physical addresses of the pages.
        public let addresses: [UInt64]
    }

    public private(set) var fields: [Field] = []
    public private(set) var pages: [Pages] = []
    public var isEmpty: Bool { fields.isEmpty && pages.isEmpty }

    /// Compares two files in pieces. Throws what ``ImageSummary/init(readingFile:)`` throws.
    public init(_ firstPath: String, _ secondPath: String) throws(ToolError) {
        let firstFile = try InputFile(firstPath, isReadAgain: true)
        let secondFile = try InputFile(secondPath, isReadAgain: true)
        let first = try ImageSummary(reading: firstFile)
        let second = try ImageSummary(reading: secondFile)
        guard first.measurement != second.measurement else { return }
        compareHeaders(first, second)
        let firstDigests = try PageDigests(firstFile, first)
        let secondDigests = try PageDigests(secondFile, second)
        for (index, region) in first.regions.enumerated() where index < second.regions.count {
            guard region.address == second.regions[index].address else { continue }
            let different = (0..<max(firstDigests.pages[index].count, secondDigests.pages[index].count))
                .filter {
                    firstDigests.digest(index, $0) != secondDigests.digest(index, $0)
                }
            guard !different.isEmpty else { continue }
            let addresses = different.map { region.address + UInt64($0) * ABI.pageSize }
            pages.append(Pages(region: index, addresses: addresses))
        }
    }

    private mutating func compareHeaders(_ first: ImageSummary, _ second: ImageSummary) {
        add("kind", first.kind.text, second.kind.text)
        add("name", first.name, second.name)
        add("version", first.version, second.version)
        add("debug", String(first.isDebug), String(second.isDebug))
        add("entry", first.entry.address, second.entry.address)
        add("stack pointer", first.stackPointer.address, second.stackPointer.address)
        add("page-table root", first.pageTableRoot.address, second.pageTableRoot.address)
        add("boot parameters", first.bootParameters.address, second.bootParameters.address)
        for index in 0..<max(first.regions.count, second.regions.count) {
            add("region \(index)", describe(first.regions, index), describe(second.regions, index))
        }
        for index in 0..<max(first.windows.count, second.windows.count) {
            add("window \(index)", describe(first.windows, index), describe(second.windows, index))
        }
    }

    private mutating func add(_ name: String, _ first: String, _ second: String) {
        if first != second { fields.append(Field(name: name, first: first, second: second)) }
    }

    private func describe(_ regions: [ImageRegion], _ index: Int) -> String {
        index < regions.count ? regions[index].text : "none"
    }
}

extension ImageRegion {
    /// `0x0000200000 3 pages (2 in the file) r-x`
    public var text: String {
        let letters = [(Permissions.read, "r"), (Permissions.write, "w"), (Permissions.execute, "x")]
        let flags = letters.map { permissions & $0.0 != 0 ? $0.1 : "-" }.joined()
        return "\(address.address) \(flags) \(pages) pages (\(contentPages) in the file)"
    }
}

extension ImageKind {
    /// As tools print it.
    public var text: String {
        switch self {
        case .bareProgram: "bare program"
        case .linuxGuest: "Linux guest"
        }
    }
}

extension UInt64 {
    /// `0x0000200000`
    public var address: String {
        let digits = String(self, radix: 16)
        return "0x" + String(repeating: "0", count: Swift.max(0, 10 - digits.count)) + digits
    }
}
