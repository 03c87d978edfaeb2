import Diagnostics
import EvidenceFormat
import SICEABI
import Soaking

/// A legacy host that keeps its CPUs and environments as Linux, `sice` and the manager do.
struct SimulatedHost: SoakHost {
    private struct Record {
        let image: SoakImage
        var state = LifecycleState.runnable
        var mode: ExecutionMode?
        var core: Int?
        var isServed = false
        var isHeld = false
    }
    private var records: [UInt32: Record] = [:]
    private var online: Set<Int>
    private var free: UInt64
    private var nextIdentifier: UInt32 = 257
    private var looks = 0

    /// Room for three guests.
    init(cores: Int = 4) {
        online = Set(0..<cores)
        free = 3 * Self.pages(.small) + 1000
    }

    static func pages(_ image: SoakImage) -> UInt64 {
        switch image {
        case .bell: 20
        case .steady: 24
        case .checksum: 31
        case .small: 50_000
        }
    }

    mutating func perform(_ command: SoakCommand?) -> SoakObservation {
        var (status, output) = (0, "")
        do throws(ErrorCode) { if let command { output = try answer(command) } } catch {
            (status, output) = (Int(error.description.exitStatus), ToolError(error, "environment").message)
        }
        looks += 1
        return SoakObservation(status: status, output: output, environments: entries(), freePages: free)
    }

    private func entries() -> [EnvironmentListing.Entry] {
        records.map { identifier, record in
            // A guest that gets slices is in one at every second look.
            let isInSlice = record.isServed && !record.isHeld && looks.isMultiple(of: 2)
            return EnvironmentListing.Entry(
                identifier: identifier, name: record.image.rawValue,
                state: isInSlice ? .running : record.state, mode: record.mode, isDebug: false,
                pages: Self.pages(record.image), runs: 0,
                measurement: Array(repeating: UInt8(Self.pages(record.image) & 0xFF), count: 32),
                windowPages: [])
        }
    }

    // MARK: Commands

    private mutating func answer(_ command: SoakCommand) throws(ErrorCode) -> String {
        switch command {
        case .create(let image): return String(try create(image))
        case .run(let identifier, let core): try run(identifier, core)
        case .serve(let identifier): try serve(identifier)
        case .call(let identifier, let input): return try call(identifier, input)
        case .move(let identifier, let core): try move(identifier, core)
        case .stop(let identifier): try stop(identifier)
        case .destroy(let identifier): try destroy(identifier)
        }
        return ""
    }

    private mutating func create(_ image: SoakImage) throws(ErrorCode) -> UInt32 {
        guard free >= Self.pages(image) else { throw .imageTooLarge }
        free -= Self.pages(image)
        defer { nextIdentifier += 0x100 }
        records[nextIdentifier] = Record(image: image)
        return nextIdentifier
    }

    private func record(_ identifier: UInt32) throws(ErrorCode) -> Record {
        guard let record = records[identifier] else { throw .noSuchEnvironment }
        return record
    }

    private mutating func run(_ identifier: UInt32, _ core: Int?) throws(ErrorCode) {
        _ = try record(identifier)
        if let core { try launch(identifier, core) }
        guard try record(identifier).state != .dead else { throw .wrongState }
        records[identifier]?.mode = core == nil ? .timeSharing : .multiCore
        takeBack(identifier)
        records[identifier]?.state = .dead
    }

    private mutating func serve(_ identifier: UInt32) throws(ErrorCode) {
        _ = try record(identifier)
        records[identifier]?.isServed = true
        records[identifier]?.mode = .timeSharing
    }

    private func call(_ identifier: UInt32, _ input: String) throws(ErrorCode) -> String {
        guard try record(identifier).image == .checksum else { throw .windowNotDeclared }
        return Self.checksum(input)
    }

    private mutating func move(_ identifier: UInt32, _ core: Int?) throws(ErrorCode) {
        let record = try record(identifier)
        guard record.image != .small || record.isServed else { throw .guestNotServed }
        takeBack(identifier)
        if let core { try launch(identifier, core) }
        records[identifier]?.isHeld = false
    }

    private mutating func stop(_ identifier: UInt32) throws(ErrorCode) {
        let record = try record(identifier)
        takeBack(identifier)
        records[identifier]?.isHeld = record.isServed
    }

    private mutating func destroy(_ identifier: UInt32) throws(ErrorCode) {
        let record = try record(identifier)
        guard record.state != .running else { throw .environmentBusy }
        free += Self.pages(record.image)
        records[identifier] = nil
    }

    // MARK: CPUs

    private mutating func launch(_ identifier: UInt32, _ core: Int) throws(ErrorCode) {
        guard online.contains(core) else { throw .noSuchCore }
        guard try record(identifier).state == .runnable else { throw .wrongState }
        online.remove(core)
        records[identifier]?.core = core
        records[identifier]?.state = .running
        records[identifier]?.mode = .multiCore
    }

    private mutating func takeBack(_ identifier: UInt32) {
        guard let core = records[identifier]?.core else { return }
        online.insert(core)
        records[identifier]?.core = nil
        records[identifier]?.state = .runnable
    }

    /// CRC-32 by polynomial division over all bits at once, as the standard writes it.
    private static func checksum(_ input: String) -> String {
        var bits: [Bool] = []
        for byte in input.utf8 { for bit in 0..<8 { bits.append(byte >> bit & 1 == 1) } }
        bits += Array(repeating: false, count: 32)
        for index in 0..<32 { bits[index].toggle() }
        let polynomial: [Bool] = (0...32).map { (0x1_04C1_1DB7 as UInt64) >> (32 - $0) & 1 == 1 }
        for start in 0..<(bits.count - 32) where bits[start] {
            for offset in 0...32 where polynomial[offset] { bits[start + offset].toggle() }
        }
        // The lowest bit of the answer comes first, and the answer is the complement.
        let digits = bits.suffix(32).reversed().map { $0 ? "0" : "1" }.joined()
        return String((UInt64(digits, radix: 2) ?? 0) + (1 << 32), radix: 16).suffix(8).description
    }
}
