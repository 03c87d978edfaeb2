internal import CMachine
internal import CSMICall
public import Diagnostics
internal import Glibc
internal import LinuxSystem
public import ManagerAccess
internal import SICEABI
internal import SystemPackage
internal import WindowTunnel

/// The real way to the manager: the SMI port, and the communication area through /dev/mem. Needs root.
public final class MachineConnection: ManagerConnection {
    public let areaBase: UInt64
    public let areaSize: Int
    private let memory: MappedMemory
    /// The lock of the session that this connection is for; nil for a guest's server, which needs none.
    let session: TurnLock?
    var conversation: LockFile?
    /// Whether anybody still waits for what this connection is used for.
    let isWanted: () -> Bool

    /// Maps the area. Throws `permissionDenied` without the rights, `noCommunicationArea` when the kernel does
    /// not let it be mapped.
    init(
        _ range: CommunicationRange, session: TurnLock? = nil, isWanted: @escaping () -> Bool = { true }
    ) throws(ToolError) {
        (self.session, self.isWanted) = (session, isWanted)
        areaBase = range.base
        areaSize = Int(range.size)
        guard sice_smi_permit(ABI.smiPort) == 0 else {
            throw ToolError(.permissionDenied, "port 0xB2: \(String(systemError: errno))")
        }
        let device: OpenFile
        do throws(Errno) { device = try OpenFile(MappedMemory.device, .readWrite) } catch {
            throw ToolError(.permissionDenied, "\(MappedMemory.device): \(error)")
        }
        do throws(Errno) { memory = try MappedMemory(device, offset: range.base, size: areaSize) } catch {
            throw ToolError(.noCommunicationArea, "\(MappedMemory.device): \(error)")
        }
    }

    /// Keeps the calling thread on a core, its own where it can; each command then needs no system call. Throws
    /// `internalFailure`.
    public func stayOnOneCore() throws(ToolError) {
        guard sice_stay_on_core() == 0 else {
            throw ToolError(.internalFailure, "sched_setaffinity")
        }
    }

    /// Takes that back.
    public func useAnyCore() { sice_use_any_core() }

    public func send(_ registers: ManagerRegisters) throws(ToolError) -> ManagerRegisters {
        var raw = sice_smi_registers(
            rax: registers.rax, rbx: registers.rbx, rcx: registers.rcx, rdx: registers.rdx,
            rsi: registers.rsi,
            rdi: registers.rdi, r8: 0)
        guard unsafe sice_smi_call(requestWords, &raw) == 0 else { throw ToolError(.noManager) }
        var answer = registers
        (answer.rax, answer.rbx, answer.rcx) = (raw.rax, raw.rbx, raw.rcx)
        (answer.rdx, answer.rsi, answer.rdi) = (raw.rdx, raw.rsi, raw.rdi)
        return answer
    }

    private var requestWords: UnsafeMutablePointer<UInt64> {
        unsafe memory.unsafePart(CommunicationArea.requestWords, Int(CommunicationArea.requestWordCount) * 8)
            .assumingMemoryBound(to: UInt64.self)
    }

    public func write(_ bytes: ArraySlice<UInt8>, at offset: Int) { memory.write(bytes, at: offset) }

    public func read(_ count: Int, at offset: Int) -> [UInt8] { memory.read(count, at: offset) }

    /// A part of the area as a window.
    func window(at offset: Int, size: Int) -> MappedWindow { MappedWindow(memory, at: offset, size: size) }

    public func pause(afterLooks looks: Int) {
        // An isolated core answers within microseconds; one that computes for long needs nobody to watch it.
        if looks < Patience.quickLooks { sched_yield() } else { usleep(500) }
    }
}
