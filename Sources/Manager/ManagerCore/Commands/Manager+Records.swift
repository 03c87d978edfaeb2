import ByteIO
import IsolatedImage
import SICEABI

/// Commands that only read: `info`, `status`, `readLog`, `logBase`.
extension Manager where Machine: ~Copyable {
    mutating func info(_ registers: inout HostRegisters) {
        var flags: UInt64 = 0
        if isLocked { flags |= PlatformFlags.locked }
        if handoffFlags & HandoffFlags.insecureOption != 0 { flags |= PlatformFlags.insecureOption }
        if handoffFlags & HandoffFlags.standInROM != 0 { flags |= PlatformFlags.standInROM }
        if hasReportKey { flags |= PlatformFlags.reportKey }
        registers.rbx = UInt64(ABI.version)
        registers.rcx = UInt64(pool.count)
        registers.rdx = pool.available
        registers.rsi = UInt64(coreCount)
        registers.rdi = flags
    }

    mutating func status(
        _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard let slot = Slot(registers.rcx) else { throw .invalidArgument }
        guard environments[slot].state != .absent else {
            registers.rbx = 0
            return
        }
        let count = UInt64(EnvironmentRecordLayout.size)
        let target = try HostRange(address: registers.rdx, count: count, in: hostMemory)
        var record = InlineArray<128, UInt8>(repeating: 0)
        var span = record.mutableSpan
        fillRecord(slot, &span, machine: machine)
        machine.copy(span.span, to: target)
        registers.rbx = UInt64(identifier(of: slot))
    }

    private mutating func fillRecord(
        _ slot: Slot, _ record: inout MutableSpan<UInt8>, machine: borrowing Machine
    ) {
        typealias Layout = EnvironmentRecordLayout
        record.storeLittleEndian(identifier(of: slot), at: Layout.identifier)
        record[Layout.state] = environments[slot].state.rawValue
        record[Layout.mode] = environments[slot].mode.rawValue
        record[Layout.debug] = environments[slot].isDebug ? 1 : 0
        record[Layout.windowCount] = UInt8(truncatingIfNeeded: environments[slot].windowCount)
        record.storeLittleEndian(environments[slot].memory.owned, at: Layout.pages)
        record.storeLittleEndian(environments[slot].runs, at: Layout.runs)
        record.storeLittleEndian(environments[slot].crashCode, at: Layout.crashCode)
        record.storeLittleEndian(environments[slot].crashAddress, at: Layout.crashAddress)
        let core = environments[slot].core
        let isLaunched = environments[slot].state == .running && environments[slot].mode == .multiCore
        record.storeLittleEndian(isLaunched ? apicIdentifiers[core.index] : Layout.noCore, at: Layout.core)
        for index in 0..<ABI.digestSize {
            record[Layout.measurement &+ index] = environments[slot].measurement[index]
        }
        record[Layout.kind] = UInt8(truncatingIfNeeded: environments[slot].kind.rawValue)
        record.storeLittleEndian(environments[slot].refusals, at: Layout.refusals)
        // The header page is one of those that scrubbing clears.
        guard environments[slot].state != .scrubbing else { return }
        let header = ImageHeader(validated: machine.bytes(of: environments[slot].header))
        let name = header.name
        for index in 0..<name.count { record[Layout.name &+ index] = name[index] }
        for index in 0..<header.windowCount {
            let pages = UInt32(truncatingIfNeeded: header.window(index).pages)
            record.storeLittleEndian(pages, at: Layout.windowSizes &+ index &* 4)
        }
    }

    mutating func readLog(
        _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        let count = UInt64(LogEntryLayout.size)
        let target = try HostRange(address: registers.rdx, count: count, in: hostMemory)
        var entry = LogEntry()
        try log.read(registers.rcx, into: &entry, machine: machine)
        machine.copy(entry.bytes.span, to: target)
        registers.rbx = log.count
    }

    mutating func readLogBase(
        _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        let count = UInt64(ABI.digestSize)
        let target = try HostRange(address: registers.rcx, count: count, in: hostMemory)
        machine.copy(log.base.span, to: target)
        registers.rbx = log.oldest
        registers.rcx = log.count
    }
}
