internal import ByteIO
public import Diagnostics
public import SICEABI

/// What `STATUS` says about one environment.
public struct EnvironmentRecord: Equatable, Sendable {
    public let identifier: UInt32
    public let state: LifecycleState
    public let kind: ImageKind
    /// Nil before the first run.
    public let mode: ExecutionMode?
    public let isDebug: Bool
    public let pages: UInt64
    public let runs: UInt64
    public let crashCode: UInt64
    public let crashAddress: UInt64
    public let name: String
    public let measurement: [UInt8]
    /// Local APIC identifier of the core that it has for itself, if it does.
    public let core: UInt32?
    /// Sizes of the declared windows, in pages.
    public let windowPages: [UInt32]

    /// Nil when the bytes are no record.
    init?(_ bytes: [UInt8]) {
        typealias Layout = EnvironmentRecordLayout
        guard bytes.count == Layout.size, let state = LifecycleState(rawValue: bytes[Layout.state]),
            bytes[Layout.windowCount] <= 4
        else { return nil }
        self.state = state
        let span = bytes.span
        identifier = span.littleEndian(at: Layout.identifier, as: UInt32.self)
        mode = ExecutionMode(rawValue: bytes[Layout.mode])
        kind = ImageKind(rawValue: UInt32(bytes[Layout.kind])) ?? .bareProgram
        isDebug = bytes[Layout.debug] != 0
        pages = span.littleEndian(at: Layout.pages, as: UInt64.self)
        runs = span.littleEndian(at: Layout.runs, as: UInt64.self)
        crashCode = span.littleEndian(at: Layout.crashCode, as: UInt64.self)
        crashAddress = span.littleEndian(at: Layout.crashAddress, as: UInt64.self)
        name = String(decoding: bytes[Layout.name..<Layout.name + 32].prefix { $0 != 0 }, as: UTF8.self)
        measurement = Array(bytes[Layout.measurement..<Layout.measurement + ABI.digestSize])
        let number = span.littleEndian(at: Layout.core, as: UInt32.self)
        core = number == Layout.noCore ? nil : number
        var sizes: [UInt32] = []
        for index in 0..<Int(bytes[Layout.windowCount]) {
            sizes.append(span.littleEndian(at: Layout.windowSizes + index * 4, as: UInt32.self))
        }
        windowPages = sizes
    }
}

extension ManagerClient {
    /// All environments, by slot.
    public func environments() throws(ToolError) -> [EnvironmentRecord] {
        var records: [EnvironmentRecord] = []
        for slot in 0..<UInt32(ABI.maximumEnvironments) {
            if let record = try record(slot) { records.append(record) }
        }
        return records
    }

    /// The environment with this id, whose low byte is its slot. Throws `noSuchEnvironment`.
    public func environment(_ identifier: UInt32) throws(ToolError) -> EnvironmentRecord {
        let slot = identifier & 0xFF
        guard slot < ABI.maximumEnvironments, let record = try record(slot), record.identifier == identifier
        else {
            places.note(identifier, onOwnCore: false)
            throw ToolError(.noSuchEnvironment, "environment \(identifier)")
        }
        places.note(identifier, onOwnCore: record.core != nil)
        return record
    }

    /// What is in a slot; nil when nothing is.
    private func record(_ slot: UInt32) throws(ToolError) -> EnvironmentRecord? {
        let request = ManagerRegisters(.status, rcx: UInt64(slot), rdx: address(AreaLayout.output))
        guard try call(request).rbx != 0 else { return nil }
        let bytes = connection.read(EnvironmentRecordLayout.size, at: AreaLayout.output)
        guard let record = EnvironmentRecord(bytes) else { throw ToolError(.managerFault, "bad record") }
        return record
    }
}
