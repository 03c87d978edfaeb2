import ByteIO
package import SICEABI

/// What the payload left in SMRAM before the first SMI, checked.
///
/// The payload is measured and trusted, but a mistake in it must stop the manager instead of weakening it.
package struct Handoff {
    package let hostMemory: HostMemoryMap
    let requestWords: HostRange
    package let poolBase: UInt64
    package let poolPages: UInt32
    package let coreCount: UInt32
    /// Local APIC identifiers in core order.
    let apicIdentifiers: InlineArray<8, UInt32>
    /// Bits of ``HandoffFlags``.
    let flags: UInt32
    /// What the payload found out.
    let findings: BootFindings
    let managerDigest: InlineArray<32, UInt8>
    /// TPM randomness for the report key; cleared after use.
    var entropy: InlineArray<64, UInt8>

    /// Throws `notInstalled` for anything that does not fit together.
    package init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        func word(_ offset: Int) -> UInt64 { bytes.littleEndian(at: offset, as: UInt64.self) }
        guard bytes.count >= HandoffLayout.size, word(HandoffLayout.magic) == HandoffLayout.magicValue else {
            throw .notInstalled
        }
        hostMemory = try Self.memoryMap(bytes)
        guard LocalAPICPage.isFree(in: hostMemory) else { throw .notInstalled }
        requestWords = try Self.requestWords(bytes, in: hostMemory)
        poolBase = word(HandoffLayout.poolBase)
        poolPages = try Self.checkedPool(
            base: poolBase, pages: word(HandoffLayout.poolPages),
            metadataSize: word(HandoffLayout.metadataSize), smram: hostMemory)
        coreCount = bytes.littleEndian(at: HandoffLayout.coreCount, as: UInt32.self)
        guard coreCount >= 1, coreCount <= ABI.maximumCores else { throw .notInstalled }
        flags = bytes.littleEndian(at: HandoffLayout.flags, as: UInt32.self)
        findings = try BootFindings(
            tried: bytes.littleEndian(at: HandoffLayout.postureTried, as: UInt32.self),
            present: bytes.littleEndian(at: HandoffLayout.posturePresent, as: UInt32.self))
        apicIdentifiers = InlineArray { core in
            bytes.littleEndian(at: HandoffLayout.apicIdentifiers &+ core &* 4, as: UInt32.self)
        }
        managerDigest = Self.copy(bytes, from: HandoffLayout.managerDigest)
        entropy = Self.copy(bytes, from: HandoffLayout.entropy)
    }

    private static func copy<let count: Int>(_ bytes: Span<UInt8>, from offset: Int) -> InlineArray<
        count, UInt8
    > {
        InlineArray { index in bytes[offset &+ index] }
    }

    private static func memoryMap(_ bytes: Span<UInt8>) throws(ErrorCode) -> HostMemoryMap {
        func word(_ offset: Int) -> UInt64 { bytes.littleEndian(at: offset, as: UInt64.self) }
        let base = word(HandoffLayout.tsegBase)
        let size = word(HandoffLayout.tsegSize)
        guard size > 0, base % ABI.pageSize == 0, size % ABI.pageSize == 0,
            !base.addingReportingOverflow(size).overflow
        else { throw .notInstalled }
        var map = HostMemoryMap(smramBase: base, size: size)
        let count = bytes.littleEndian(at: HandoffLayout.ramRangeCount, as: UInt32.self)
        guard count <= HandoffLayout.maximumRAMRanges else { throw .notInstalled }
        do throws(ErrorCode) {
            for index in 0..<Int(truncatingIfNeeded: count) {
                let entry = HandoffLayout.ramRanges &+ index &* 16
                try map.addRAM(base: word(entry), size: word(entry &+ 8))
            }
            // Reserved memory to the host's kernel, RAM to us.
            try map.addRAM(
                base: word(HandoffLayout.communicationBase), size: word(HandoffLayout.communicationSize))
        } catch {
            throw .notInstalled
        }
        return map
    }

    private static func requestWords(
        _ bytes: Span<UInt8>, in map: HostMemoryMap
    ) throws(ErrorCode) -> HostRange {
        let base = bytes.littleEndian(at: HandoffLayout.communicationBase, as: UInt64.self)
        do throws(ErrorCode) {
            let page = try HostRange(
                address: base, count: ABI.pageSize, alignment: ABI.pageSize, in: map)
            return page.part(
                at: CommunicationArea.requestWords, count: Int(CommunicationArea.requestWordCount &* 8))
        } catch {
            throw .notInstalled
        }
    }

    private static func checkedPool(
        base: UInt64, pages: UInt64, metadataSize: UInt64, smram: HostMemoryMap
    ) throws(ErrorCode) -> UInt32 {
        // An index + 1 must fit the 32-bit links of the metadata.
        guard pages < UInt64(UInt32.max), base % ABI.pageSize == 0, metadataSize / 5 >= pages else {
            throw .notInstalled
        }
        let (end, wraps) = base.addingReportingOverflow(pages &* ABI.pageSize)
        guard !wraps, base >= smram.smramBase, end <= smram.smramEnd else { throw .notInstalled }
        return UInt32(truncatingIfNeeded: pages)
    }
}
