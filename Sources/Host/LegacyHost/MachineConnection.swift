internal import CMachine
internal import CSMICall
public import Diagnostics
internal import Glibc
public import ManagerClient
internal import SICEABI
internal import WindowTunnel

/// The real way to the manager: the SMI port, and the communication area through /dev/mem. Needs root.
@safe public final class MachineConnection: ManagerConnection {
    public let areaBase: UInt64
    public let areaSize: Int
    private let memory: UnsafeMutableRawBufferPointer
    private var stays = false
    /// The lock of the session that this connection is for; nil for a guest's server, which needs none.
    let session: TurnLock?
    var conversation: LockFile?

    /// Maps the area. Throws `permissionDenied` without the rights, `noCommunicationArea` when the kernel does
    /// not let it be mapped.
    init(_ range: CommunicationRange, session: TurnLock? = nil) throws(ToolError) {
        self.session = session
        areaBase = range.base
        areaSize = Int(range.size)
        guard sice_smi_permit(ABI.smiPort) == 0 else {
            throw ToolError(.permissionDenied, "port 0xB2: \(String(systemError: errno))")
        }
        let device = unsafe open("/dev/mem", O_RDWR | O_CLOEXEC)
        guard device >= 0 else {
            throw ToolError(.permissionDenied, "/dev/mem: \(String(systemError: errno))")
        }
        defer { close(device) }
        let address = unsafe mmap(
            nil, areaSize, PROT_READ | PROT_WRITE, MAP_SHARED, device, off_t(range.base))
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw ToolError(.noCommunicationArea, "/dev/mem: \(String(systemError: errno))")
        }
        unsafe memory = UnsafeMutableRawBufferPointer(start: address, count: areaSize)
    }

    /// Keeps the calling thread, the only one of the process that may do this, on its core; each command then needs no
    /// system call. Throws `internalFailure`.
    public func stayOnThisCore() throws(ToolError) {
        guard sice_stay_on_core() == 0 else { throw ToolError(.internalFailure, "sched_setaffinity") }
        stays = true
    }

    /// Takes that back.
    public func useAnyCore() {
        sice_use_any_core()
        stays = false
    }

    deinit { unsafe munmap(memory.baseAddress, memory.count) }

    public func send(_ registers: ManagerRegisters) throws(ToolError) -> ManagerRegisters {
        var raw = sice_smi_registers(
            rax: registers.rax, rbx: registers.rbx, rcx: registers.rcx, rdx: registers.rdx,
            rsi: registers.rsi,
            rdi: registers.rdi, r8: 0)
        let words = unsafe requestWords
        let result =
            stays ? unsafe sice_smi_call_staying(words, &raw) : unsafe sice_smi_call(words, &raw)
        guard result == 0 else { throw ToolError(.noManager) }
        var answer = registers
        (answer.rax, answer.rbx, answer.rcx) = (raw.rax, raw.rbx, raw.rcx)
        (answer.rdx, answer.rsi, answer.rdi) = (raw.rdx, raw.rsi, raw.rdi)
        return answer
    }

    private var requestWords: UnsafeMutablePointer<UInt64> {
        unsafe (memory.baseAddress! + CommunicationArea.requestWords)
            .assumingMemoryBound(to: UInt64.self)
    }

    public func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        precondition(offset >= 0 && bytes.count <= areaSize - offset)
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count])
        unsafe target.copyBytes(from: bytes)
    }

    public func read(_ count: Int, at offset: Int) -> [UInt8] {
        precondition(offset >= 0 && count >= 0 && count <= areaSize - offset)
        return unsafe [UInt8](memory[offset..<offset + count])
    }

    /// A part of the area as a window; it is there as long as this connection.
    func window(at offset: Int, size: Int) -> MappedWindow {
        precondition(offset >= 0 && offset % 4 == 0 && size >= 0 && size <= areaSize - offset)
        return unsafe MappedWindow(unsafeStart: memory.baseAddress! + offset, size: size)
    }

    public func pause(afterLooks looks: Int) {
        // An isolated core answers within microseconds; one that computes for long needs nobody to watch it.
        if looks < Patience.quickLooks { sched_yield() } else { usleep(500) }
    }
}
