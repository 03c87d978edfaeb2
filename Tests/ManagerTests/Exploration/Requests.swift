import SICEABI
import Simulation

/// The requests that the legacy host can make in a state.
struct Requests {
    let bounds: ModelBounds
    let images: [ExpectedImage]
    let summary: Summary
    private(set) var list: [HostRequest] = []

    init(_ bounds: ModelBounds, _ images: [ExpectedImage], _ summary: Summary) {
        self.bounds = bounds
        self.images = images
        self.summary = summary
        addGeneral()
        addCreate()
        for slot in bounds.images.indices {
            if summary.slots[slot].state == .absent {
                add(named(.destroy, slot, "that is gone"), isStale: true)
            } else {
                addNamed(slot)
            }
        }
    }

    private mutating func add(_ request: HostRequest, isStale: Bool = false) {
        list.append(request)
        list[list.count - 1].isStale = isStale
    }

    func named(_ command: Command, _ slot: Int, _ note: String = "") -> HostRequest {
        var request = HostRequest(command, note, slot: slot)
        request.rcx = summary.slots[slot].identifier
        return request
    }

    /// One environment only.
    var isAlone: Bool { images.count == 1 }

    // MARK: Without an environment

    private mutating func addGeneral() {
        // With two environments only what names one.
        guard isAlone || !summary.isLocked else { return }
        add(output(.install, \.rcx, UInt64(ABI.publicKeySize)))
        add(HostRequest(.lock))
        if !summary.isLocked {
            add(list[0].with("without randomness") { $0.hasEntropy = false })
            add(HostRequest(.lock).with("while SMRAM is open") { $0.isSMRAMOpen = true })
        }
        add(HostRequest(.info))
        add(HostRequest(.info, "without a word").with("without a word") { $0.isAuthorized = false })
        guard bounds.isThorough else { return }
        add(HostRequest(.info).with("") { $0.command = 0x4000 })
        addWithBadAddresses(output(.reportKey, \.rcx, UInt64(ABI.publicKeySize)), \.rcx)
        addWithBadAddresses(output(.logBase, \.rcx, UInt64(ABI.digestSize)), \.rcx)
        addWithBadAddresses(output(.readLog, \.rdx, UInt64(LogEntryLayout.size)), \.rdx)
        add(output(.readLog, \.rdx, UInt64(LogEntryLayout.size)).with("beyond its end") { $0.rcx = .max })
        addWithBadAddresses(output(.status, \.rdx, UInt64(EnvironmentRecordLayout.size)), \.rdx)
        add(output(.status, \.rdx, UInt64(EnvironmentRecordLayout.size)).with("of no slot") { $0.rcx = 16 })
    }

    private func output(
        _ command: Command, _ register: WritableKeyPath<HostRequest, UInt64>, _ count: UInt64
    ) -> HostRequest {
        var request = HostRequest(command)
        request[keyPath: register] = Place.output
        request.outputs = [(Place.output, count)]
        return request
    }

    private mutating func addWithBadAddresses(
        _ request: HostRequest, _ register: WritableKeyPath<HostRequest, UInt64>
    ) {
        add(request)
        // `status` of an empty slot looks at no address, and only what is looked at is refused.
        guard request.command != Command.status.rawValue || summary.slots[0].state != .absent else { return }
        for bad in request.badAddresses(register, alignment: false) { add(bad) }
    }

    private mutating func addCreate() {
        let slot = bounds.images.indices.first { summary.slots[$0].state == .absent }
        var request = HostRequest(.create, slot == nil ? "that does not fit" : "")
        request.rcx = Place.image
        request.page = images[slot ?? 0].header
        add(request)
        guard bounds.isThorough else { return }
        add(request.with("of a damaged image") { $0.page?[0] ^= 0xFF })
        for bad in request.badAddresses(\.rcx, alignment: true) { add(bad) }
    }

    // MARK: With one

    private mutating func addNamed(_ slot: Int) {
        add(named(.run, slot, "by an old name").with("by an old name") { $0.rcx ^= 0x100 }, isStale: true)
        addLoad(slot)
        add(named(.seal, slot))
        addAttach(slot)
        addReport(slot)
        add(named(.destroy, slot))
        for (note, base) in isAlone ? Self.bases : [Self.bases[0]] {
            add(named(.stop, slot).with(note) { $0.apicBase = base })
            add(named(.kick, slot).with(note) { $0.apicBase = base })
        }
    }

    /// Where the calling core has its local APIC's registers.
    static let bases: [(note: String, base: UInt64)] = [
        ("", ObservedMachine.usualAPICBase),
        ("with the local APIC over SMRAM", MachineLayout.smramBase | 0x800),
    ]

    private mutating func addLoad(_ slot: Int) {
        let content = images[slot].content
        var request = named(.load, slot)
        request.rdx = Place.image
        request.rsi = 1
        let next = content.count - Int(summary.slots[slot].contentLeft)
        request.page = content[min(max(next, 0), content.count - 1)]
        add(request)
        guard bounds.isThorough, summary.slots[slot].state == .loading else { return }
        add(request.with("no page") { $0.rsi = 0 })
        add(request.with("more pages than there are") { $0.rsi = 16 })
        add(request.with("too many pages") { $0.rsi = 17 })
        guard summary.slots[slot].contentLeft > 0 else { return }
        for bad in request.badAddresses(\.rdx, alignment: true) { add(bad) }
    }

    private mutating func addAttach(_ slot: Int) {
        var request = named(.attach, slot)
        request.rsi = Place.window
        add(request)
        guard bounds.isThorough, summary.slots[slot].state == .sealed else { return }
        add(request.with("a window that there is not") { $0.rdx = 3 })
        for bad in request.badAddresses(\.rsi, alignment: true) { add(bad) }
    }

    private mutating func addReport(_ slot: Int) {
        var request = named(.report, slot)
        request.rdx = Place.nonce
        request.rsi = Place.output + 0x2000
        request.rdi = UInt64(ABI.maximumReportSize)
        request.outputs = [(request.rsi, request.rdi)]
        guard isAlone else { return }
        add(request)
        let states: [LifecycleState] = [.sealed, .runnable, .running, .dead]
        guard bounds.isThorough, states.contains(summary.slots[slot].state) else { return }
        add(request.with("into too little room") { $0.rdi -= 1 })
        for bad in request.badAddresses(\.rdx, alignment: false) { add(bad) }
        for bad in request.badAddresses(\.rsi, alignment: false) { add(bad) }
    }
}
