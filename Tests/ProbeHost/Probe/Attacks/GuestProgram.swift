internal import CMachine
internal import CProbe
internal import SICEABI

/// A small kernel that an attack writes instruction by instruction, as a Linux guest: it has the freedom of a kernel. Its
/// code lies behind that of the other guests in the text page.
struct GuestProgram {
    private static let entry: UInt64 = 0x800
    private static let handler: UInt64 = 0xC00
    private let image: GuestImage
    private var next: UInt64

    /// At ``WorkMemory/image``.
    init() throws(ErrorCode) {
        image = try GuestImage(at: WorkMemory.image, entry: Int(Self.entry), kind: .linuxGuest)
        next = Self.text + Self.entry
    }

    /// Where the next instruction will be for the guest.
    var place: UInt64 { next - Self.text + GuestImage.text }

    /// Where the text page is in the image.
    private static var text: UInt64 { WorkMemory.image + ABI.pageSize }

    /// Appends `count` bytes of code: 0x0F22C0 is 0F 22 C0.
    mutating func code(_ bytes: UInt64, _ count: UInt64) {
        for index in 0..<count {
            sice_write8(next, UInt8(truncatingIfNeeded: bytes >> ((count - 1 - index) * 8)))
            next += 1
        }
    }

    private mutating func store(_ value: UInt64) {
        sice_write64(next, value)
        next += 8
    }

    /// movabs $value, %rax
    mutating func loadRAX(_ value: UInt64) {
        code(0x48B8, 2)
        store(value)
    }

    /// movabs $value, %rbx
    mutating func loadRBX(_ value: UInt64) {
        code(0x48BB, 2)
        store(value)
    }

    /// mov $address, %dr0 … %dr3
    mutating func setBreakpoint(_ index: UInt64, at address: UInt64) {
        loadRAX(address)
        code(0x0F23C0 | index << 3, 3)
    }

    /// mov $control, %dr7
    mutating func enableBreakpoints(_ control: UInt64) {
        loadRAX(control)
        code(0x0F23F8, 3)
    }

    /// Makes tables of its own, by the guest `tables`: its interrupt stack 1 is at `stack`, its handler is what follows
    /// ``startHandler()``.
    mutating func loadTables(stack: UInt64) {
        loadRAX(stack)
        // Back behind the jump: this and the jump have 15 bytes.
        let target = next + 15 - Self.text + GuestImage.text
        loadRBX(target)
        let jump = UInt64(probe_guest_tables) &- (next + 5 - Self.text)
        code(0xE9, 1)
        code(UInt64(UInt32(truncatingIfNeeded: jump).byteSwapped), 4)
    }

    /// What follows is the handler of all exceptions.
    mutating func startHandler() { next = Self.text + Self.handler }

    /// Yields `word` for ever.
    mutating func yieldForEver(_ word: UInt64) {
        let start = place
        loadRBX(word)
        loadRAX(Service.yield.rawValue)
        code(0x0F01D9, 3)  // vmmcall
        jump(to: start)
    }

    /// jmp to a place less than 128 bytes before.
    mutating func jump(to start: UInt64) {
        code(0xEB, 1)
        code((start &- place &- 1) & 0xFF, 1)
    }

    func environment() throws(ErrorCode) -> Environment { try Environment(image) }
}
