public import SICEABI

/// Where everything goes in SMRAM (``SMRAMLayout``): core blocks, manager, its page tables, pool metadata, pool.
public struct SMRAMPlan: Equatable, Sendable {
    /// TSEG, physical, in bytes.
    public let base: UInt64
    public let size: UInt64
    public let coreCount: Int
    /// First byte of the manager's image.
    public let imageBase: UInt64
    /// The manager's page tables: one page per possible core for host mappings, then all others.
    public let tablesBase: UInt64
    public let metadataBase: UInt64
    public let metadataSize: UInt64
    public let poolBase: UInt64
    public let poolPages: UInt64

    /// Plans a TSEG. Throws `bootNoTSEG` when its place or size cannot be served, `invalidArgument` for a core
    /// count that is not 1…``ABI/maximumCores``.
    public init(base: UInt64, size: UInt64, coreCount: Int, image: ManagerImage) throws(ErrorCode) {
        guard coreCount >= 1, coreCount <= ABI.maximumCores else { throw .invalidArgument }
        // The entry stub loads 32-bit addresses, and each core block is aligned to its own size.
        guard base % (1 << 20) == 0, base >= 1 << 20, base < 1 << 32,
            size % (1 << 20) == 0, size >= SMRAMLayout.minimumSize, size <= SMRAMLayout.maximumSize,
            base + size <= 1 << 32
        else { throw .bootNoTSEG }
        self.base = base
        self.size = size
        self.coreCount = coreCount
        imageBase = base + SMRAMLayout.managerOffset
        tablesBase = imageBase + UInt64(image.memorySize)
        metadataBase = tablesBase + SMRAMLayout.tablePages * ABI.pageSize
        let rest = base + size - metadataBase
        let pages = rest / (ABI.pageSize + SMRAMLayout.metadataBytesPerPage)
        let metadata = pages * SMRAMLayout.metadataBytesPerPage
        metadataSize = (metadata + ABI.pageSize - 1) / ABI.pageSize * ABI.pageSize
        poolBase = metadataBase + metadataSize
        poolPages = (rest - metadataSize) / ABI.pageSize
    }

    /// The level-4 table of the manager's page tables: the first after those of the cores' host mappings.
    package var tableRoot: UInt64 { tablesBase + UInt64(ABI.maximumCores) * ABI.pageSize }

    /// SMBASE of a core: the start of its block.
    public func smbase(ofCore core: Int) -> UInt64 { base + UInt64(core) * SMRAMLayout.coreBlockStride }
}
