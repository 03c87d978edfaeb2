internal import CMachine
internal import CProbe
internal import SICEABI

/// A ``TinyGuest`` that runs 32 small programs with a kernel's rights, one after the other (kernel.S): whatever exception ends
/// one, the next begins. So a launch, and the hash of two pages, serve them all.
struct TinyKernel {
    static let programs: UInt64 = 32
    /// Words of a program.
    static let words: UInt64 = 12

    private static let firstProgram: UInt64 = 0x400
    private let guest: TinyGuest

    /// Writes the image, its programs apart.
    init() throws(ErrorCode) {
        guest = try TinyGuest(at: WorkMemory.image, window: WorkMemory.window)
        for offset in 0..<probe_kernel_size() {
            sice_write8(guest.page + TinyGuest.code + offset, sice_read8(probe_kernel_start() + offset))
        }
    }

    /// Maps a guest-physical page at ``TinyGuest/mapped``.
    func reach(_ physical: UInt64) { guest.reach(physical) }

    /// Writes a word of a program. The last one of each is its end, an undefined instruction.
    func put(_ word: UInt64, _ index: UInt64, of program: UInt64) {
        let place = guest.page + Self.firstProgram + (program * Self.words + index) * 8
        sice_write64(place, index == Self.words - 1 ? 0x0B0F : word)
    }

    /// The program that began last.
    var current: UInt64 { UInt64(sice_read32(WorkMemory.window)) }

    /// An environment that begins with this program.
    func environment(from program: UInt64) throws(ErrorCode) -> Environment {
        sice_write64(WorkMemory.window, program)
        return try guest.environment()
    }
}
