import IsolatedImage
import SICEABI
import Simulation

/// What the manager is supposed to be, in few words: states and numbers of pages, no memory.
struct Model {
    struct Slot {
        var state = LifecycleState.absent
        var generation: UInt64 = 0
        var shape = 0
        var contentLeft: UInt64 = 0
        var zeroLeft: UInt64 = 0
        var attached: Set<UInt64> = []
        /// It waits in a yield, which it shows again on a core that it is launched on.
        var yields = false
    }

    /// Images that the sequences use.
    static let shapes: [SampleImage] = [
        SampleImage(zeroPages: 1, windows: 0), SampleImage(zeroPages: 8, windows: 1),
        SampleImage(zeroPages: 3, windows: 2), SampleImage(zeroPages: 70, windows: 2),
        SampleImage(zeroPages: 140, windows: 0),
    ]

    var slots = [Slot](repeating: Slot(), count: 16)
    /// Cores that send commands and run guests; core 0 only looks.
    static let cores = 1..<5
    /// Slot by core, in either mode.
    var running = [Int?](repeating: nil, count: 5)
    /// By core, what multi-core mode has with it.
    var isolation = [Isolation?](repeating: nil, count: 5)

    struct Isolation {
        /// Its SMI arrived.
        var isInside = false
        var isStopRequested = false
        /// It shows an exit and waits for the host's answer.
        var waits = false
    }

    func isIdle(_ core: Int) -> Bool { running[core] == nil }
    func isIsolated(_ core: Int) -> Bool { isolation[core] != nil }
    func isArriving(_ core: Int) -> Bool { isolation[core]?.isInside == false }
    mutating func leave(_ core: Int) { (running[core], isolation[core]) = (nil, nil) }

    /// The core that an environment has for itself.
    func isolatedCore(of id: UInt64) -> Int? {
        Self.cores.first { isolation[$0] != nil && running[$0] == Int(id & 0xFF) }
    }
    var free: UInt64

    func identifier(_ slot: Int) -> UInt64 { slots[slot].generation << 8 | UInt64(slot) }

    /// Pages that tables need: exactly, and as promised, where each window counts for itself.
    static func tables(_ image: SampleImage) -> (exact: UInt64, promised: UInt64) {
        var all: Set<UInt64> = []
        var promised: UInt64 = 2
        for region in image.regions {
            for page in stride(from: region.address, to: region.end, by: 4096) {
                all.formUnion([page >> 21 | 1 << 60, page >> 30 | 1 << 61])
            }
        }
        promised += UInt64(all.count)
        for window in image.windows {
            var own: Set<UInt64> = []
            for page in stride(from: window.address, to: window.end, by: 4096) {
                own.formUnion([page >> 21 | 1 << 60, page >> 30 | 1 << 61])
            }
            promised += UInt64(own.count)
            all.formUnion(own)
        }
        return (UInt64(all.count) + 2, promised)
    }

    static func pages(_ image: SampleImage) -> UInt64 { image.regions.reduce(1) { $0 + $1.pages } }

    /// The error that naming `id` gets from a command that accepts these states.
    func expect(_ id: UInt64, _ states: [LifecycleState]) -> ErrorCode? {
        let slot = Int(id & 0xFF)
        guard slot < 16, slots[slot].state != .absent, identifier(slot) == id else {
            return .noSuchEnvironment
        }
        if slots[slot].state == .running { return .environmentBusy }
        return states.contains(slots[slot].state) ? nil : .wrongState
    }

    func expectCreate(_ shape: Int, isDamaged: Bool) -> ErrorCode? {
        guard slots.contains(where: { $0.state == .absent }) else { return .tooManyEnvironments }
        guard free >= 1 else { return .imageTooLarge }
        if isDamaged { return .imageBadMagic }
        let image = Self.shapes[shape]
        return free >= Self.pages(image) + Self.tables(image).promised ? nil : .imageTooLarge
    }

    mutating func create(_ shape: Int) -> UInt64 {
        let slot = slots.firstIndex { $0.state == .absent }!
        let image = Self.shapes[shape]
        let content = UInt64(image.contentPages)
        slots[slot] = Slot(
            state: .loading, generation: slots[slot].generation + 1, shape: shape, contentLeft: content,
            zeroLeft: Self.pages(image) - 1 - content)
        free -= Self.pages(image) + Self.tables(image).promised
        return identifier(slot)
    }

    func expectLoad(_ id: UInt64, _ count: UInt64, _ wrongAddress: ErrorCode?) -> ErrorCode? {
        if let error = expect(id, [.loading]) { return error }
        if count == 0 { return .invalidArgument }
        return count > slots[Int(id & 0xFF)].contentLeft ? .imageOversized : wrongAddress
    }

    mutating func load(_ id: UInt64, _ count: UInt64) -> UInt64 {
        slots[Int(id & 0xFF)].contentLeft -= count
        return slots[Int(id & 0xFF)].contentLeft
    }

    func expectSeal(_ id: UInt64) -> ErrorCode? {
        if let error = expect(id, [.loading]) { return error }
        return slots[Int(id & 0xFF)].contentLeft > 0 ? .imageTruncated : nil
    }

    mutating func seal(_ id: UInt64) -> UInt64 {
        let slot = Int(id & 0xFF)
        slots[slot].zeroLeft -= min(slots[slot].zeroLeft, ABI.pagesPerStep)
        if slots[slot].zeroLeft == 0 {
            slots[slot].state = .sealed
            makeRunnable(slot)
        }
        return slots[slot].zeroLeft
    }

    func expectAttach(_ id: UInt64, _ index: UInt64, _ wrongAddress: ErrorCode?) -> ErrorCode? {
        if let error = expect(id, [.sealed]) { return error }
        let slot = slots[Int(id & 0xFF)]
        guard index < UInt64(Self.shapes[slot.shape].windows.count) else { return .windowNotDeclared }
        return slot.attached.contains(index) ? .windowAlreadyAttached : wrongAddress
    }

    mutating func attach(_ id: UInt64, _ index: UInt64) -> UInt64 {
        let slot = Int(id & 0xFF)
        slots[slot].attached.insert(index)
        makeRunnable(slot)
        return UInt64(Self.shapes[slots[slot].shape].windows.count - slots[slot].attached.count)
    }

    private mutating func makeRunnable(_ slot: Int) {
        let image = Self.shapes[slots[slot].shape]
        guard slots[slot].attached.count == image.windows.count else { return }
        slots[slot].state = .runnable
        free += Self.tables(image).promised - Self.tables(image).exact
    }

    /// `owned` are the pages that it had before.
    mutating func destroy(_ id: UInt64, owned: UInt64) -> UInt64 {
        let slot = Int(id & 0xFF)
        let image = Self.shapes[slots[slot].shape]
        switch slots[slot].state {
        // What was promised and not taken comes back at once.
        case .loading, .sealed: free += Self.pages(image) + Self.tables(image).promised - owned
        default: break
        }
        slots[slot].state = .scrubbing
        let freed = min(owned, ABI.pagesPerStep)
        free += freed
        if freed == owned { slots[slot].state = .absent }
        return owned - freed
    }
}
