import SICEABI
import Simulation

extension Requests {
    /// `run` and `launch`, which it matters for from which core they come.
    func switches(from core: Int) -> [HostRequest] {
        var list: [HostRequest] = []
        for slot in bounds.images.indices where summary.slots[slot].state != .absent {
            list.append(named(.run, slot))
            if summary.slots[slot].state == .runnable, summary.slots[slot].isLinux {
                list.append(named(.run, slot).with("with an interrupt") { $0.rsi = GuestEvent.valid | 0x30 })
                list.append(named(.run, slot).with("with no interrupt") { $0.rsi = 5 })
                list.append(
                    named(.run, slot).with("with controllers") { $0.rdi = ControllerWord.valid | 0xFF })
            }
            list += launches(slot, from: core)
        }
        return list
    }

    private func launches(_ slot: Int, from core: Int) -> [HostRequest] {
        var request = named(.launch, slot, "on core \((core + 1) % summary.cores.count)")
        request.rdx = UInt64(MachineLayout.apicIdentifier((core + 1) % summary.cores.count))
        request.rsi = Place.exchange(slot)
        var list = [request]
        guard summary.slots[slot].state == .runnable, isAlone else { return list }
        list.append(
            request.with("on the same core") { $0.rdx = UInt64(MachineLayout.apicIdentifier(core)) })
        for base in Self.bases.dropFirst() {
            list.append(request.with(base.note) { $0.apicBase = base.base })
        }
        guard bounds.isThorough, summary.cores.count > 1 else { return list }
        // Whether the core is free comes first.
        guard summary.cores[(core + 1) % summary.cores.count].isFree else { return list }
        return list + request.badAddresses(\.rsi, alignment: true)
    }
}
