import CManager
import ManagerCore
import SICEABI

/// The real machine under `Manager`: SMRAM through the direct map, the CPU, BearSSL.
///
/// It has no state of its own but the core's number, so that each entry makes one, and a copy, which the compiler makes
/// for each method that changes nothing, costs little. But for the save state (``Core``) and the manager's own value, all
/// unsafe memory access is in this type's extensions; what they may touch was decided, and checked, by `Manager`.
struct SMRAMMachine: ManagerMachine, ~Copyable {
    let core: CoreIndex

    var smramBase: UInt64 { Self.handoffWord(HandoffLayout.tsegBase) }
    var smramSize: UInt64 { Self.handoffWord(HandoffLayout.tsegSize) }
    var poolBase: UInt64 { Self.handoffWord(HandoffLayout.poolBase) }
    var poolPages: UInt64 { Self.handoffWord(HandoffLayout.poolPages) }
    var metadataBase: UInt64 { Self.handoffWord(HandoffLayout.metadataBase) }
    /// Page tables of this core's temporary mappings of host memory.
    var hostMapTable: UInt64 {
        Self.handoffWord(HandoffLayout.hostMapTables) &+ UInt64(truncatingIfNeeded: core.index)
            &* ABI.pageSize
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
