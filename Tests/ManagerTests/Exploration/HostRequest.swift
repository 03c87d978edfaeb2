import ManagerCore
import SICEABI
import Simulation

/// A request of the legacy host, with what it does to the machine before.
struct HostRequest {
    var command: UInt64
    /// What is special about it, in few words.
    var note = ""
    var slot: Int?
    var rcx: UInt64 = 0
    var rdx: UInt64 = 0
    var rsi: UInt64 = 0
    var rdi: UInt64 = 0
    /// Where it wants its answer.
    var outputs: [(address: UInt64, count: UInt64)] = []
    /// An address is none that a command may name.
    var isBadAddress = false
    /// The identifier is one that nobody has.
    var isStale = false
    /// Whether the request carries a word that the host wrote.
    var isAuthorized = true
    /// Content of the page at ``Place/image``.
    var page: [UInt8]?
    /// The machine's generator of randomness fails.
    var hasEntropy = true
    /// SMRAM can be seen from outside.
    var isSMRAMOpen = false
    var apicBase = ObservedMachine.usualAPICBase

    init(_ command: Command, _ note: String = "", slot: Int? = nil) {
        self.command = command.rawValue
        self.note = note
        self.slot = slot
    }

    var name: String {
        let command = Command(rawValue: command).map { "\($0)" } ?? "command \(command)"
        return [command, slot.map { "of environment \($0)" } ?? "", note].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    func with(_ note: String, _ change: (inout HostRequest) -> Void) -> HostRequest {
        var changed = self
        changed.note = note
        change(&changed)
        return changed
    }

    /// The same with every kind of bad address in one register.
    func badAddresses(_ register: WritableKeyPath<HostRequest, UInt64>, alignment: Bool) -> [HostRequest] {
        let places: [(String, UInt64)] = [
            ("to SMRAM", MachineLayout.poolBase), ("to a hole", 0xD000_0000),
            ("that wraps", 0xFFFF_FFFF_FFFF_F000), ("over the end of RAM", 0x1_0004_0000 - 16),
        ]
        let odd = alignment ? [("at an odd place", Place.image + 8)] : []
        return (places + odd).map { place in
            with("with an address \(place.0)") { request in
                request[keyPath: register] = place.1
                request.isBadAddress = true
            }
        }
    }

    func registers(word: UInt64) -> HostRegisters {
        HostRegisters(
            rax: ABI.requestMagic, rbx: command, rcx: rcx, rdx: rdx, rsi: rsi, rdi: rdi,
            r8: isAuthorized ? word : 0)
    }
}

/// Places in host memory that do not overlap.
enum Place {
    static let image = Simulation.Place.image
    static let output = Simulation.Place.output
    static let nonce = Simulation.Place.nonce
    static func exchange(_ slot: Int) -> UInt64 { Simulation.Place.window + 0x1_0000 + UInt64(slot) * 4096 }
    static let window = Simulation.Place.window + 0x2_0000
}
