/// One 8259A (Intel 8259A data sheet; the words of the data sheet). Inputs are 0…7.
///
/// As in every PC since, an edge that was seen stays requested when its line falls again before the CPU looks.
struct PIC: Sendable {
    /// Which initialization word the next write to the data port is.
    enum Expected: Sendable { case vector, cascade, mode, mask }

    /// IRR, ISR, IMR.
    private(set) var requests: UInt8 = 0
    private(set) var inService: UInt8 = 0
    /// Firmware left everything masked.
    private(set) var mask: UInt8 = 0xFF
    /// ELCR: inputs that are requested as long as their line is high.
    private(set) var levelTriggered: UInt8 = 0
    private(set) var vectorBase: UInt8 = 0
    private var lines: UInt8 = 0
    /// The input of lowest priority; the next one has the highest.
    private var lowest = 7
    private var expected = Expected.mask
    private var isSingle = false
    private var hasModeWord = false
    private var cascaded: UInt8 = 0
    /// One bit an input, which changes with each end of its interrupt through ``apply(mask:ends:)``.
    private(set) var ends: UInt8 = 0
    private var readsInService = false
    private var isPolled = false
    private var hasSpecialMask = false
    private var isFullyNested = false
    private var endsAutomatically = false
    private var rotatesAutomatically = false
    private let levelCapable: UInt8

    /// - Parameter levelCapable: inputs that ELCR can make level-triggered.
    init(levelCapable: UInt8) { self.levelCapable = levelCapable }

    /// An input's line changes.
    mutating func setLine(_ input: Int, _ isHigh: Bool) {
        let bit = UInt8(1) << input
        if levelTriggered & bit != 0 {
            requests = isHigh ? requests | bit : requests & ~bit
        } else if isHigh, lines & bit == 0 {
            requests |= bit
        }
        lines = isHigh ? lines | bit : lines & ~bit
    }

    /// The input that another controller hangs on: its request is the other's output, no more and no less.
    mutating func setCascade(_ input: Int, _ isHigh: Bool) {
        requests = isHigh ? requests | UInt8(1) << input : requests & ~(UInt8(1) << input)
    }

    mutating func setLevelTriggered(_ inputs: UInt8) {
        levelTriggered = inputs & levelCapable
        requests = requests & ~levelTriggered | lines & levelTriggered
    }

    /// The input whose interrupt the CPU would get now.
    var pending: Int? {
        let open = requests & ~mask
        guard open != 0 else { return nil }
        // In special mask mode only the level in service itself is held off.
        if hasSpecialMask { return highest(open & ~inService) }
        guard let input = highest(open) else { return nil }
        guard let current = highest(inService) else { return input }
        // A controller behind this one may have something more urgent than what it has in service.
        if isFullyNested, input == current, cascaded & UInt8(1) << input != 0 { return input }
        return rank(input) < rank(current) ? input : nil
    }

    /// The CPU takes the interrupt of an input.
    mutating func acknowledge(_ input: Int) {
        let bit = UInt8(1) << input
        if levelTriggered & bit == 0 { requests &= ~bit }
        if endsAutomatically {
            if rotatesAutomatically { lowest = input }
        } else {
            inService |= bit
        }
    }

    /// Nothing is requested and no initialization or poll is open: a new mask, or the end of an interrupt, has no effect
    /// that could not wait.
    var isAtRest: Bool { requests == 0 && expected == .mask && !isPolled && !rotatesAutomatically }

    /// What the CPU did in ports that were not asked: the mask it wrote last, and each input whose bit in `ends` changed
    /// got a specific end of interrupt.
    mutating func apply(mask: UInt8, ends: UInt8) {
        inService &= ~(ends ^ self.ends)
        self.ends = ends
        self.mask = mask
    }

    /// Reads the command port, or the data port, whose address bit A0 is set.
    mutating func read(data: Bool) -> UInt8 {
        if isPolled {
            isPolled = false
            guard let input = pending else { return 0 }
            acknowledge(input)
            return 0x80 | UInt8(input)
        }
        if data { return mask }
        return readsInService ? inService : requests
    }

    mutating func write(_ value: UInt8, data: Bool) {
        if data {
            writeData(value)
        } else if value & 0x10 != 0 {
            initialize(value)
        } else if value & 0x08 != 0 {
            selectRegister(value)
        } else {
            end(value)
        }
    }

    /// ICW1.
    private mutating func initialize(_ value: UInt8) {
        (requests, inService, mask) = (lines & levelTriggered, 0, 0)
        lowest = 7
        (readsInService, isPolled, hasSpecialMask) = (false, false, false)
        (isFullyNested, endsAutomatically, rotatesAutomatically) = (false, false, false)
        isSingle = value & 0x02 != 0
        hasModeWord = value & 0x01 != 0
        expected = .vector
    }

    /// ICW2, ICW3, ICW4, then OCW1.
    private mutating func writeData(_ value: UInt8) {
        switch expected {
        case .vector:
            vectorBase = value & 0xF8
            expected = isSingle ? (hasModeWord ? .mode : .mask) : .cascade
        case .cascade:
            cascaded = value
            expected = hasModeWord ? .mode : .mask
        case .mode:
            endsAutomatically = value & 0x02 != 0
            isFullyNested = value & 0x10 != 0
            expected = .mask
        case .mask: mask = value
        }
    }

    /// OCW3.
    private mutating func selectRegister(_ value: UInt8) {
        if value & 0x02 != 0 { readsInService = value & 0x01 != 0 }
        if value & 0x04 != 0 { isPolled = true }
        if value & 0x40 != 0 { hasSpecialMask = value & 0x20 != 0 }
    }

    /// OCW2: end of interrupt and rotation of priorities.
    private mutating func end(_ value: UInt8) {
        let named = Int(value & 7)
        switch value >> 5 {
        case 0b000: rotatesAutomatically = false
        case 0b100: rotatesAutomatically = true
        case 0b001: _ = endHighest()
        case 0b101: if let input = endHighest() { lowest = input }
        case 0b011: inService &= ~(UInt8(1) << named)
        case 0b111:
            inService &= ~(UInt8(1) << named)
            lowest = named
        case 0b110: lowest = named
        default: return  // 010 does nothing
        }
    }

    private mutating func endHighest() -> Int? {
        guard let input = highest(inService) else { return nil }
        inService &= ~(UInt8(1) << input)
        return input
    }

    /// 0 is the most urgent.
    private func rank(_ input: Int) -> Int { (input - lowest + 7) & 7 }

    private func highest(_ inputs: UInt8) -> Int? {
        for rank in 0..<8 {
            let input = (lowest + 1 + rank) & 7
            if inputs & UInt8(1) << input != 0 { return input }
        }
        return nil
    }
}
