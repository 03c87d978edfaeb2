public import IsolatedImage
import ManagerCore
public import SICEABI

/// An image for tests: a valid bare program unless a test changes it.
public struct SampleImage: Sendable {
    public var kind = ImageKind.bareProgram
    public var bootParameters: UInt64 = 0
    public var flags: UInt32 = 0
    public var name = "sample"
    public var entry: UInt64 = 0x20_0000
    public var stackPointer: UInt64 = 0x50_0000
    public var pageTableRoot: UInt64 = 0x10_0000
    public var regions: [ImageRegion]
    public var windows: [ImageRegion]
    /// Makes the content differ between images.
    public var fill: UInt8 = 1

    public static let readWrite = Permissions.read | Permissions.write
    public static let readExecute = Permissions.read | Permissions.execute

    /// Four regions, 7 content pages, `zeroPages` of stack, and a window of 4 pages if wanted.
    public init(zeroPages: UInt64 = 16, windows: Int = 1) {
        regions = [
            ImageRegion(address: 0x10_0000, pages: 4, contentPages: 4, permissions: Self.readWrite),
            ImageRegion(address: 0x20_0000, pages: 2, contentPages: 2, permissions: Self.readExecute),
            ImageRegion(address: 0x30_0000, pages: 1, contentPages: 1, permissions: Permissions.read),
            ImageRegion(
                address: 0x50_0000 - zeroPages * 4096, pages: zeroPages, contentPages: 0,
                permissions: Self.readWrite),
        ]
        self.windows = (0..<UInt64(windows)).map {
            ImageRegion(
                address: 0x1000_0000 + $0 << 20, pages: 4, contentPages: 0, permissions: Self.readWrite)
        }
    }

    /// A Linux guest: memory from page 0 on, all of it writable and executable.
    public static func linuxGuest(windows: Int = 0) -> SampleImage {
        var image = SampleImage(windows: windows)
        image.kind = .linuxGuest
        image.bootParameters = 0x2000
        image.pageTableRoot = 0x4000
        image.stackPointer = 0x1_0000
        image.regions = [
            ImageRegion(address: 0, pages: 16, contentPages: 6, permissions: 7),
            ImageRegion(address: 0x20_0000, pages: 8, contentPages: 3, permissions: 7),
        ]
        return image
    }

    /// The header page, whether or not it is valid.
    public func header() throws(ErrorCode) -> [UInt8] {
        var page = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        var writer = try ImageHeaderWriter(page.mutableSpan)
        try writer.setProgram(
            kind: kind, flags: flags, name: Array(name.utf8).span, version: Array("1".utf8).span)
        writer.setStart(
            entry: entry, stackPointer: stackPointer, pageTableRoot: pageTableRoot,
            bootParameters: bootParameters)
        for region in regions { try writer.add(region: region) }
        for window in windows { try writer.add(window: window) }
        return page
    }

    public var contentPages: Int { regions.reduce(0) { $0 + Int($1.contentPages) } }

    /// The bytes of content page `index`.
    public func content(_ index: Int) -> [UInt8] {
        (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ index &* 7) &+ fill }
    }

    /// The whole file.
    public func file() throws(ErrorCode) -> [UInt8] {
        var bytes = try header()
        for index in 0..<contentPages { bytes += content(index) }
        return bytes
    }
}

extension Simulation {
    /// `create` from a file whose header lies at ``Place/image``. Returns the identifier.
    public func create(_ file: [UInt8]) throws(ErrorCode) -> UInt64 {
        write(Array(file.prefix(ImageLayout.headerSize)), at: Place.image)
        return try call(.create, rcx: Place.image).rbx
    }

    /// `load` of content pages `from..<to` of a file.
    @discardableResult
    public func load(_ id: UInt64, _ file: [UInt8], _ from: Int, _ to: Int) throws(ErrorCode) -> UInt64 {
        write(Array(file[(1 + from) * 4096..<(1 + to) * 4096]), at: Place.image)
        return try call(.load, rcx: id, rdx: Place.image, rsi: UInt64(to - from)).rbx
    }

    /// `seal` until it is done. Returns the number of calls.
    @discardableResult
    public func seal(_ id: UInt64) throws(ErrorCode) -> Int {
        var calls = 1
        while try call(.seal, rcx: id).rbx != 0 { calls += 1 }
        return calls
    }

    /// An environment with everything loaded and sealed and all windows attached.
    public func launch(_ image: SampleImage = SampleImage()) throws(ErrorCode) -> UInt64 {
        let file = try image.file()
        let id = try create(file)
        let pages = image.contentPages
        for from in stride(from: 0, to: pages, by: 16) { try load(id, file, from, min(from + 16, pages)) }
        try seal(id)
        for index in image.windows.indices {
            let offset = image.windows[..<index].reduce(0) { $0 + $1.pages } * 4096
            try call(.attach, rcx: id, rdx: UInt64(index), rsi: Place.window + offset)
        }
        return id
    }

    /// `destroy` until it is done. Returns the number of calls.
    @discardableResult
    public func destroy(_ id: UInt64) throws(ErrorCode) -> Int {
        var calls = 1
        while try call(.destroy, rcx: id).rbx != 0 { calls += 1 }
        return calls
    }

    /// Free pages by `info`.
    public var freePages: UInt64 {
        get throws(ErrorCode) { try call(.info).rdx }
    }

    /// The record of a slot, nil when it is empty.
    public func record(_ slot: Int) throws(ErrorCode) -> EnvironmentRecord? {
        guard try call(.status, rcx: UInt64(slot), rdx: Place.output).rbx != 0 else { return nil }
        return EnvironmentRecord(bytes: read(Place.output, EnvironmentRecordLayout.size))
    }

    /// The record of an environment.
    public func record(of id: UInt64) throws(ErrorCode) -> EnvironmentRecord? {
        try record(Int(id & 0xFF))
    }
}

/// A decoded `status` record.
public struct EnvironmentRecord {
    public let bytes: [UInt8]

    func integer(_ offset: Int, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
    }

    public var identifier: UInt64 { integer(EnvironmentRecordLayout.identifier, 4) }
    public var state: LifecycleState? { LifecycleState(rawValue: bytes[EnvironmentRecordLayout.state]) }
    public var isDebug: Bool { bytes[EnvironmentRecordLayout.debug] == 1 }
    public var windowCount: UInt8 { bytes[EnvironmentRecordLayout.windowCount] }
    public var pages: UInt64 { integer(EnvironmentRecordLayout.pages, 8) }
    public var runs: UInt64 { integer(EnvironmentRecordLayout.runs, 8) }
    public var crashCode: UInt64 { integer(EnvironmentRecordLayout.crashCode, 8) }
    public var crashAddress: UInt64 { integer(EnvironmentRecordLayout.crashAddress, 8) }
    public var measurement: [UInt8] {
        Array(bytes[EnvironmentRecordLayout.measurement..<EnvironmentRecordLayout.measurement + 32])
    }
    public var name: [UInt8] {
        Array(bytes[EnvironmentRecordLayout.name..<EnvironmentRecordLayout.name + 32].prefix { $0 != 0 })
    }
    public var windowSizes: [UInt64] {
        (0..<4).map { integer(EnvironmentRecordLayout.windowSizes + $0 * 4, 4) }
    }
}
