/// The probe's memory map: RAM that the payload leaves free and nobody else uses.
enum WorkMemory {
    /// XSAVE areas: what was loaded, and what came back, one a core.
    static let vectorsLoaded: UInt64 = 0x4F0_0000
    static let vectorsFound: UInt64 = 0x4F0_1000
    /// The host's own VM_HSAVE_PA.
    static let hostSave: UInt64 = 0x4F1_0000
    /// Nonces, reports, records.
    static let scratch: UInt64 = 0x4F2_0000
    /// Ticks that the timer's handler counted, a word a core.
    static let ticks: UInt64 = 0x4F3_0000
    /// NMIs that their handler counted, a word a core.
    static let nonMaskable: UInt64 = 0x4F3_0800
    /// Stack pointers of cores that try something, a word a core; arguments of such things behind them.
    static let traps: UInt64 = 0x4F3_1000
    /// What ``Platform/found`` and ``RandomCommand/known`` hold.
    static let found: UInt64 = 0x4F3_1800
    static let known: UInt64 = 0x4F3_1900
    /// Vector registers that a core came with (XSAVE), and its general ones when it came by way of the attack's own start.
    static let arrivalVectors: UInt64 = 0x4F3_2000
    /// What cores do and found; see ``Cores``.
    static let cores: UInt64 = 0x4F4_0000
    /// Exchange pages, one a core.
    static let exchange: UInt64 = 0x4F5_0000
    /// Page tables of other modes.
    static let modeTables: UInt64 = 0x4F7_0000
    /// Where request words go, once that is known; the word of another core.
    static let requestWords: UInt64 = 0x4F6_0000
    static let foreignWord: UInt64 = 0x4F6_0008
    /// When ``LifeSign`` was last given.
    static let lifeSign: UInt64 = 0x4F6_0010
    /// Images; other images follow 16 MiB apart.
    static let image: UInt64 = 0x500_0000
    static let secondImage: UInt64 = 0x600_0000
    /// A word that outlives a reset; others of an attack with resets behind it.
    static let resetMark: UInt64 = 0x6F0_0000
    /// 64 KiB that commands of an attack may write to; nothing of the attacker's is there.
    static let target: UInt64 = 0x680_0000
    /// Rings and buffers of devices.
    static let device: UInt64 = 0x690_0000
    /// Memory for windows.
    static let window: UInt64 = 0x700_0000
}
