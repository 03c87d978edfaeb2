import ByteIO
import GuestPolicy
import ManagerCore
import SICEABI
import Simulation

/// A Linux guest whose page tables and code are the input stops at an access to a debug register. Whatever is there, the
/// manager reads inside the guest's own pages (the simulated machine ends the process otherwise), goes on or ends the guest
/// by type, and comes to an end.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do {
        try run(input)
    } catch {
        precondition(error is ByteError, "the guest could not be made")
    }
    return 0
}

private func run(_ input: [UInt8]) throws {
    var reader = ByteReader(input.span)
    let number = UInt64(try reader.readByte() & 0x1F)
    var execution = GuestExecution(
        rip: 0, cr0: 0x8001_0033, cr3: 0, cr4: 0x620, efer: 0x1D00, codeAttributes: 0xA9B)
    execution.rip = try reader.readLittleEndian(UInt64.self)
    execution.cr3 = try reader.readLittleEndian(UInt64.self)
    execution.cr4 ^= UInt64(try reader.readByte()) << 3
    let content = Array(input.dropFirst(18))
    guard !content.isEmpty else { return }

    let simulation = try Simulation(poolPages: 64)
    let image = SampleImage.linuxGuest()
    let pages = image.contentPages
    var file = try image.header()
    file += (0..<pages * 4096).map { content[$0 % content.count] }
    let identifier = try simulation.create(file)
    try simulation.load(identifier, file, 0, pages)
    try simulation.seal(identifier)
    simulation.machine.guests[0]?.execution = execution
    let exit = GuestExit(.debugRegister, code: 0x20 + number, address: execution.rip)
    let answer = try simulation.call(.run, rcx: identifier, exits: [SimulatedExit(exit)])
    let isCrash = answer.rbx == ExitReason.crashed.rawValue
    precondition(isCrash || answer.rbx == ExitReason.hostInterrupt.rawValue)
    precondition(!isCrash || answer.rcx == CrashCode.unreadableInstruction)
}
