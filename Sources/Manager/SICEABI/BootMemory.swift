/// Memory below 4 GiB that the payload holds until it starts the next program, which can't be loaded there.
public enum BootMemory {
    /// The payload: image, stacks, copies of files.
    public static let payloadBase: UInt64 = 0x300_0000
    public static let payloadSize: UInt64 = 0x200_0000
    /// Bytes of the largest file that it can copy there.
    public static let fileLimit: UInt64 = 0x1C0_0000
    /// SMBASE of a core that was reset, and what Q35's register 0x9C hides there for ever.
    public static let defaultSMBASE: UInt64 = 0x3_0000
    public static let hiddenSize: UInt64 = 0x2_0000
}
