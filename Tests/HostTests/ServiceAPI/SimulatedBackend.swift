import Diagnostics
import Glibc
import ManagerAccess
import ManagerCore
import SICEABI
import ServiceAPI
import Simulation
import TPMAttestation

/// A service on a simulated machine without a TPM.
final class SimulatedBackend: HostBackend {
    let connection: ReversingConnection
    private var client: ManagerClient<ReversingConnection>
    private(set) var identifier: UInt32 = 0

    init(_ isWanted: @escaping () -> Bool = { true }) throws {
        connection = try ReversingConnection(isWanted)
        client = ManagerClient(connection)
        var image = ArraySource(try SampleImage().file())
        identifier = try client.create(&image, name: "sample")
    }

    func withManager<Result>(
        _ body: (inout ManagerClient<ReversingConnection>) throws(ToolError) -> Result
    ) throws(ToolError) -> Result {
        try body(&client)
    }

    func openTPM() throws(ToolError) -> AttestationTPM<TPMDevice> {
        AttestationTPM(try TPMDevice(path: "/nonexistent/tpmrm0"))
    }

    func eventLog() -> [UInt8] { [] }
}

/// The manager on a simulated machine; its guest turns each byte of a request around, and never ends ``endless``.
final class ReversingConnection: ManagerConnection {
    private let simulation: Simulation
    let areaBase = MachineLayout.communicationBase
    let areaSize = Int(MachineLayout.hostRanges[2].count)
    private var window: UInt64?
    private let isWanted: () -> Bool
    static let endless = 99

    init(_ isWanted: @escaping () -> Bool) throws {
        self.isWanted = isWanted
        simulation = try Simulation()
    }

    func letOthersIn() throws(ToolError) {
        usleep(1000)
        guard isWanted() else { throw ToolError(.callAbandoned) }
    }

    func send(_ request: ManagerRegisters) throws(ToolError) -> ManagerRegisters {
        if request.rbx == Command.attach.rawValue { window = request.rsi }
        let isDone = request.rbx != Command.run.rawValue || turnAround()
        var answer = request
        do throws(ErrorCode) {
            let registers = HostRegisters(
                rax: request.rax, rbx: request.rbx, rcx: request.rcx, rdx: request.rdx, rsi: request.rsi,
                rdi: request.rdi)
            let result = try simulation.call(registers, exits: [isDone ? .yield(request.rdx) : .interrupt])
            (answer.rax, answer.rbx, answer.rcx) = (result.rax, result.rbx, result.rcx)
            (answer.rdx, answer.rsi, answer.rdi) = (result.rdx, result.rsi, result.rdi)
        } catch { answer.rax = ABI.responseMagic | UInt64(error.rawValue) }
        return answer
    }

    /// Nothing here runs on another core.
    func pause(afterLooks looks: Int) {}

    func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        simulation.write(Array(bytes), at: areaBase + UInt64(offset))
    }

    func read(_ count: Int, at offset: Int) -> [UInt8] { simulation.read(areaBase + UInt64(offset), count) }

    /// Whether the guest is done with it.
    private func turnAround() -> Bool {
        guard let window else { return true }
        let header = simulation.read(window, 64)
        guard header[MailboxLayout.operation] != UInt8(Self.endless) else { return false }
        let length = Int(header[8]) | Int(header[9]) << 8
        let data = simulation.read(window + 64, length)
        simulation.write(Array(data.reversed()), at: window + 64)
        return true
    }
}
