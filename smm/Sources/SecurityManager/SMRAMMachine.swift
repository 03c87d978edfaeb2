import CManager
import ManagerCore
import SICEABI

/// The real machine under `Manager`: SMRAM through the direct map, the CPU, BearSSL.
///
/// It has no state of its own but a few addresses from the handoff, so that each entry makes one. But for the
/// save state (``Core``) and the manager's own value, all unsafe memory access is in this type's extensions; what
/// they may touch was decided, and checked, by `Manager`.
struct SMRAMMachine: ManagerMachine, ~Copyable {
    let core: Int
    let smramBase: UInt64
    let smramSize: UInt64
    let poolBase: UInt64
    let poolPages: UInt64
    let metadataBase: UInt64
    /// Page tables of this core's temporary mappings of host memory.
    let hostMapTable: UInt64

    init(core: Int) {
        self.core = core
        smramBase = Self.handoffWord(HandoffLayout.tsegBase)
        smramSize = Self.handoffWord(HandoffLayout.tsegSize)
        poolBase = Self.handoffWord(HandoffLayout.poolBase)
        poolPages = Self.handoffWord(HandoffLayout.poolPages)
        metadataBase = Self.handoffWord(HandoffLayout.metadataBase)
        hostMapTable =
            Self.handoffWord(HandoffLayout.hostMapTables) + UInt64(core) * ABI.pageSize
    }

    private static func handoffWord(_ offset: Int) -> UInt64 {
        unsafe UnsafeRawPointer(sice_handoff()).load(fromByteOffset: offset, as: UInt64.self)
    }

    /// Where a physical address of SMRAM is mapped, if it is.
    static func pointer(toPhysical address: UInt64) -> UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(bitPattern: UInt(ManagerImageLayout.directMapBase &+ address))
            .unsafelyUnwrapped
    }

    /// Physical address of fixed memory of the image.
    func physical(_ pointer: UnsafeRawPointer) -> UInt64 {
        UInt64(UInt(bitPattern: pointer)) &- ManagerImageLayout.virtualBase &+ smramBase
            &+ SMRAMLayout.managerOffset
    }
}
