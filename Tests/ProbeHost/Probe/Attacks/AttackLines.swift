internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// What the attacker says on COM2, a line at a time; `Sources/Host/RedTeamMachine` reads it.
///
/// `row ID GROUP NAME THREAT none|spoilt|ends-emulator|resets|sleeps|interrupted CLAIM|- SENTENCE`, `attempt ID`,
/// `attack ID NAME THREAT held|broken EXECUTIONS DETAIL VALUE`, `key HEX`, `report HEX`, `end`.
struct AttackLines {
    private let port = Console(port: 0x2F8)

    init() { port.start() }

    func row(_ attack: Attack) {
        port.write("row ")
        identify(attack)
        field(attack.group.name)
        field(attack.name)
        field(attack.threat)
        switch attack.aftermath {
        case .none: field("none")
        case .spoilt: field("spoilt")
        case .mayEndEmulator: field("ends-emulator")
        case .resets: field("resets")
        case .sleeps: field("sleeps")
        case .interrupted: field("interrupted")
        }
        if let claim = attack.excuse {
            port.write(" ")
            port.write(decimal: UInt64(claim.rawValue))
        } else {
            field("-")
        }
        field(attack.success)
        port.write("\n")
    }

    func attempt(_ attack: Attack) {
        port.write("attempt ")
        identify(attack)
        port.write("\n")
    }

    func result(_ attack: Attack, _ attempt: Attempt) {
        port.write("attack ")
        identify(attack)
        field(attack.name)
        field(attack.threat)
        // What was not tried did not hold.
        field(attempt.isBroken || attempt.executions == 0 ? "broken" : "held")
        port.write(" ")
        port.write(decimal: attempt.executions)
        field(attempt.detail)
        port.write(" ")
        port.write(hex: attempt.value)
        port.write("\n")
    }

    /// A report of an environment, and the key that signs it: what this platform says of itself.
    func report() {
        let output = WorkMemory.scratch + 0x1000
        for offset in stride(from: UInt64(0), to: 32, by: 8) {
            sice_write64(WorkMemory.scratch + offset, sice_rdtsc())
        }
        guard Call(.reportKey, output).sent().error == 0 else { return }
        bytes("key ", at: output, count: 65)
        guard let image = try? GuestImage(at: WorkMemory.image, entry: probe_guest_echo),
            let environment = try? Environment(image)
        else { return }
        let answer = Call(.report, environment.identifier, WorkMemory.scratch, output, 2048).sent()
        guard answer.error == 0 else { return }
        bytes("report ", at: output, count: answer.registers.rbx)
        try? environment.destroy()
    }

    func end() { port.write("end\n") }

    private func identify(_ attack: Attack) {
        port.write("A")
        if attack.number < 100 { port.write("0") }
        if attack.number < 10 { port.write("0") }
        port.write(decimal: attack.number)
    }

    private func field(_ text: StaticString) {
        port.write(" ")
        port.write(text)
    }

    private func bytes(_ name: StaticString, at address: UInt64, count: UInt64) {
        port.write(name)
        for offset in 0..<min(count, 4096) {
            port.write(hex: UInt64(sice_read8(address + offset)), digits: 2)
        }
        port.write("\n")
    }
}
