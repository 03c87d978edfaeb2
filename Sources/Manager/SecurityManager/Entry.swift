import CManager
import ManagerCore
import SICEABI

/// Whether `Manager` took over from the payload. Written under the lock.
nonisolated(unsafe) private var isReady = false

/// Where the manager's state lives; valid once `isReady`.
private var manager: UnsafeMutablePointer<Manager<SMRAMMachine>> {
    precondition(MemoryLayout<Manager<SMRAMMachine>>.size <= Int(SICE_MANAGER_SIZE))
    return unsafe sice_manager_storage().assumingMemoryBound(to: Manager<SMRAMMachine>.self)
}

/// Serves one SMI. `wasInside` is 1 when the core's last SMI never ended.
@c(sice_manager_enter)
public func enter(_ data: UnsafeMutableRawPointer, _ wasInside: UInt32) {
    let core = unsafe Core(data: data)
    let wasThrownOut = wasInside != 0
    // An SMI that is not for us, from the host's own doing or another device: nothing to do, nothing changed.
    guard wasThrownOut || core.hasRequest || core.hasAttention else { return }
    var machine = SMRAMMachine(core: core.index)
    _ = machine.takeAttention()
    // Thrown out while it changed the manager's state, or while it handled a fault: nobody knows that state.
    if core.hasOpenFault || wasThrownOut && Lock.isHeld(by: core.lockOwner) {
        failAll(core, code: 0, address: 0, &machine)
        core.closeFault()
    }
    guard Lock.take(for: core.lockOwner) else { return core.refuse(.againLater) }
    if unsafe !isReady, !start(&machine) {
        Lock.release()
        core.refuse(.notInstalled)
    } else {
        settle(&machine)
        serve(core, &machine)
    }
    // A signal that came too late, or to an isolated core that was thrown out, is not the host's NMI.
    guard core.isIsolated else { return }
    sice_take_signal(0)
    core.setIsolated(false)
}

/// Serves a core that holds the lock, and releases it. A core in multi-core mode stays in here.
private func serve(_ core: borrowing Core, _ machine: inout SMRAMMachine) {
    var registers = core.hostRegisters
    var step = unsafe manager.pointee.handle(&registers, on: core.index, machine: &machine)
    serving: while true {
        let next: ManagerStep?
        switch step {
        case .enterGuest(let slot):
            next = runGuest(slot, isolated: false, core, &registers, &machine)
        case .enterIsolated(let slot):
            next = runGuest(slot, isolated: true, core, &registers, &machine)
        case .awaitAnswer(let exchange):
            core.setIsolated(true)
            next = waitForAnswer(exchange, core, &machine)
        case .resumeHost: break serving
        }
        // Without the lock nothing can be decided, and the exit is lost. The environment still counts as running on this
        // core: whoever gets the lock next ends it.
        guard let next else {
            sice_give_up(UInt32(truncatingIfNeeded: core.index.index))
            return core.refuse(.againLater)
        }
        step = next
    }
    Lock.release()
    core.setHostRegisters(registers)
}

/// Ends the environments of cores that gave up waiting for the lock. Called with the lock held.
private func settle(_ machine: inout SMRAMMachine) {
    var cores = sice_take_given_up()
    while cores != 0 {
        let core = CoreIndex(remainderOf: UInt32(truncatingIfNeeded: cores.trailingZeroBitCount))
        unsafe manager.pointee.noticeReset(of: core, machine: &machine)
        cores &= cores &- 1
    }
}

/// Runs a guest until its next exit, without the lock. Nil when the lock cannot be taken again.
private func runGuest(
    _ slot: Slot, isolated: Bool, _ core: borrowing Core, _ registers: inout HostRegisters,
    _ machine: inout SMRAMMachine
) -> ManagerStep? {
    Lock.release()
    let exit = machine.enterGuest(slot, core, isolated: isolated)
    guard Lock.take(for: core.lockOwner) else { return nil }
    return unsafe manager.pointee.finish(exit, on: core.index, registers: &registers, machine: &machine)
}

/// Waits a while for the host's answer, without the lock. Nil when the lock cannot be taken again.
private func waitForAnswer(
    _ exchange: Exchange, _ core: borrowing Core, _ machine: inout SMRAMMachine
) -> ManagerStep? {
    Lock.release()
    let answer = exchange.wait(machine: &machine)
    guard Lock.take(for: core.lockOwner) else { return nil }
    return unsafe manager.pointee.resume(answer, on: core.index, machine: &machine)
}

/// Takes over from the payload at the first command. False when the handoff does not fit together.
@inline(never)
private func start(_ machine: inout SMRAMMachine) -> Bool {
    let handoff = unsafe sice_handoff()
    unsafe sice_permission_map().initialize(repeating: 0xFF, count: Int(SICE_PERMISSION_MAP_SIZE))
    SMRAMMachine.prepareForLinux()
    let header = unsafe UnsafePointer<UInt8>(bitPattern: UInt(ManagerImageLayout.virtualBase))
        .unsafelyUnwrapped
    do throws(ErrorCode) {
        unsafe manager.initialize(
            to: try Manager(
                handoff: Span(_unsafeStart: UnsafePointer(handoff), count: HandoffLayout.size),
                version: Span(_unsafeStart: header.advanced(by: ManagerImageLayout.version), count: 16),
                machine: &machine))
    } catch {
        return false
    }
    // The manager has its copy; this one would outlive the key.
    unsafe handoff.advanced(by: HandoffLayout.entropy).initialize(repeating: 0, count: 64)
    unsafe isReady = true
    return true
}

/// A fault in the manager itself (I8): the key goes, the environments die, the host gets a typed error.
@c(sice_manager_fault)
public func fault(_ data: UnsafeMutableRawPointer, _ vector: UInt64, _ address: UInt64) {
    let core = unsafe Core(data: data)
    // Nothing happens unless a Linux guest's state was loaded.
    unsafe sice_linux_state_restore(data, SMRAMMachine.linuxFeatures)
    var machine = SMRAMMachine(core: core.index)
    failAll(core, code: vector, address: address, &machine)
    core.refuse(.managerFault)
}

/// An NMI of the host's that came in the moment before RSM: the core sends it to itself once more.
@c(sice_repeat_nmi)
public func repeatNMI(_ data: UnsafeMutableRawPointer) {
    let core = unsafe Core(data: data)
    SMRAMMachine(core: core.index).repeatNMI()
}

private func failAll(
    _ core: borrowing Core, code: UInt64, address: UInt64, _ machine: inout SMRAMMachine
) {
    // First the key, without waiting for anybody; and no window to host memory stays open.
    sice_key_destroy()
    machine.unmap()
    let hasLock = Lock.isHeld(by: core.lockOwner) || Lock.take(for: core.lockOwner)
    if unsafe isReady { unsafe manager.pointee.fail(code: code, address: address, machine: &machine) }
    if hasLock { Lock.release() }
}
