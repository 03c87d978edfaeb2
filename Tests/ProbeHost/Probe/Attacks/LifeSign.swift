internal import CMachine
internal import Firmware

/// By silence the red team tells a dead machine from one that is still at it.
enum LifeSign {
    /// Writes to the console, ten times a second at most. Whatever may take seconds without counting something tried
    /// gives it by itself, waiting for another core above all.
    static func give() {
        let now = sice_rdtsc()
        guard now &- sice_read64(WorkMemory.lifeSign) > 1 << 28 else { return }
        sice_write64(WorkMemory.lifeSign, now)
        Console.main.write(".")
    }
}
