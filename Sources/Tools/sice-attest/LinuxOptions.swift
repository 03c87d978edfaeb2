internal import ArgumentParser
internal import Diagnostics
internal import ImageBuilder
internal import SICEABI

/// What `sice-attest build` needs to know of a Linux guest.
struct LinuxOptions: ParsableArguments {
    @Option(name: .customLong("linux"), help: "A Linux kernel (bzImage) instead of a manifest.")
    var kernel: String?

    @Option(help: "Linux: the initial RAM disk.")
    var initrd: String?

    @Option(
        parsing: .unconditional,
        help: "Linux: the kernel's command line (default: \"\(LinuxOptions.defaultCommandLine)\").")
    var cmdline: String?

    @Option(parsing: .unconditional, help: "Linux: more words for the kernel's command line.")
    var append: String?

    @Option(
        parsing: .unconditional,
        help: "Linux: memory, 32 to 1016 MiB, in MiB or with a unit (default: 512).")
    var memory: Mebibytes?

    @Option(parsing: .unconditional, help: "Linux: the image's name, 1 to 31 bytes.")
    var name: String?

    @Option(
        parsing: .unconditionalSingleValue,
        help: "Linux: memory shared with the host, as SIZE@ADDRESS; may be given four times.")
    var window: [String] = []

    @Option(
        parsing: .unconditional,
        help: """
            Linux: the rate of the machine's time stamp counter in kHz, which the guest then takes for its clock; its \
            legacy host says it at boot. Without it the clock is as good as the host's timer interrupts.
            """)
    var tscKhz: Int?

    @Flag(help: "Linux: a window for `sice run --network`, the first; the kernel's command line names it.")
    var network = false

    /// The guest has the devices of `sice run`: no ACPI, no PCI, a console and a bell; a crash resets it, which ends it.
    /// A tick of its timer that repeats by itself, and no writes to port 0x80 between others, cost the fewest exits
    /// (SPECIFICATION §2).
    static let defaultCommandLine =
        "console=ttyS0 acpi=off pci=off tsc=reliable reboot=k panic=-1 8250.nr_uarts=2 i8042.nokbd i8042.noaux "
        + "io_delay=none highres=off nohz=off"

    func validate() throws {
        guard kernel != nil else {
            let useless = given
            guard useless.isEmpty else {
                throw ValidationError(
                    "without --linux there is no use for \(useless.joined(separator: ", "))")
            }
            return
        }
        guard initrd != nil, name != nil else {
            throw ValidationError("--linux needs --initrd and --name")
        }
        guard tscKhz.map({ (1...100_000_000).contains($0) }) ?? true else {
            throw ValidationError("--tsc-khz takes 1 to 100000000")
        }
        guard LinuxGuest.memorySizes.contains(memoryMebibytes) else {
            let sizes = LinuxGuest.memorySizes
            throw ValidationError("--memory takes \(sizes.lowerBound) to \(sizes.upperBound) MiB")
        }
    }

    /// Every option of this group that was given. None of them means anything without a kernel.
    private var given: [String] {
        let options = [
            ("--initrd", initrd != nil), ("--cmdline", cmdline != nil), ("--append", append != nil),
            ("--memory", memory != nil), ("--name", name != nil), ("--window", !window.isEmpty),
            ("--tsc-khz", tscKhz != nil), ("--network", network),
        ]
        return options.filter(\.1).map(\.0)
    }

    private var memoryMebibytes: Int { memory.map { Int($0.count) } ?? 512 }

    private var commandLine: String {
        (cmdline ?? LinuxOptions.defaultCommandLine) + (append.map { " " + $0 } ?? "")
            + (tscKhz.map { " tsc_early_khz=\($0)" } ?? "")
            + (network ? " sice.network=\(NetworkWindow.kernelOption)" : "")
    }

    /// The image file. ``validate()`` was called.
    func image() throws(ToolError) -> [UInt8] {
        guard let kernel, let initrd, let name else { throw ToolError(.usage) }
        var guest = LinuxGuest(
            name: name,
            kernel: try InputFile.read(kernel, limit: 256 << 20, tooLarge: .imageTooLarge),
            initrd: try InputFile.read(initrd, limit: 1 << 30, tooLarge: .imageTooLarge),
            commandLine: commandLine,
            memory: memoryMebibytes)
        for (index, text) in ((network ? [NetworkWindow.option] : []) + window).enumerated() {
            guest.windows.append(try Manifest.Window(option: text, index: index))
        }
        return try guest.imageFile()
    }
}

/// The window of `--network`. Above all memory that a guest may have, and large enough for two rings of 256 KiB.
private enum NetworkWindow {
    static let option = "528384@0x80000000"
    static let kernelOption = "0x81000@0x80000000"
}
