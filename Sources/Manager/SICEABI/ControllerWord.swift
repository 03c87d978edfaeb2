/// What a Linux guest did to its two interrupt controllers (Intel 8259A data sheet) without an exit to the host: one word
/// of `run` and of the exchange page.
///
/// A kernel masks, ends and unmasks with every interrupt, and nobody waits for the outcome. While the host gave a
/// ``valid`` word, the manager notes such writes in it, answers reads of the masks from it, and shows it to the host at the next exit.
/// All other accesses stay exits.
public enum ControllerWord {
    /// Interrupt masks of the first and the second controller, 8 bits each.
    public static let masks: InlineArray<2, UInt64> = [0, 8]
    /// One bit an input, which changes with each end-of-interrupt that names it. An input that is ended twice before the
    /// host looks counts as not ended: no kernel does that, as an interrupt comes once between two looks of the host.
    public static let ends: InlineArray<2, UInt64> = [16, 24]
    /// The other bits mean something.
    public static let valid: UInt64 = 1 << 32
    /// All bits of a word.
    public static let allBits: UInt64 = 0x1_FFFF_FFFF
    /// In the exchange page, bits from here on hold the low 31 bits of the exit whose answer gave the word.
    public static let tagShift: UInt64 = 33
}
