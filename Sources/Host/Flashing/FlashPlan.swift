/// What a Linux kernel is started with.
public struct KernelParameters: Equatable, Sendable {
    /// File with the initial RAM disk.
    public var initrd: String?
    public var commandLine: String?

    public init(initrd: String? = nil, commandLine: String? = nil) {
        self.initrd = initrd
        self.commandLine = commandLine
    }
}

/// What goes into a ROM.
public struct FlashPlan: Sendable {
    /// ELF file of the payload that coreboot starts.
    public var payload: String
    /// The security manager's image.
    public var manager: String
    /// Isolated image that runs before the legacy host starts.
    public var workload: String?
    /// ELF file or Linux kernel to be started after the security manager, instead of the ROM's own payload.
    public var next: String?
    /// What a kernel in ``next`` gets.
    public var nextParameters = KernelParameters()
    /// Size of TSEG in MiB; nil leaves it to the machine.
    public var smramMebibytes: UInt64?
    /// Boot even where nothing measures coreboot; every report shows it.
    public var isInsecure = false
    /// Take out what an earlier run put in.
    public var replaces = false

    public init(payload: String, manager: String) {
        self.payload = payload
        self.manager = manager
    }
}
