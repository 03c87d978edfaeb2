internal import ArgumentParser
internal import Diagnostics
internal import Flashing
internal import Reference

/// `sice-attest flash`
struct Flash: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put the security manager into a coreboot ROM.",
        discussion: """
            Example: sice-attest flash --rom coreboot.rom --out sice.rom
            coreboot then starts our payload, which installs the manager and starts the ROM's own payload, or the one of \
            --next. The ROM must be built with CONFIG_NO_SMM (QEMU: CONFIG_CPU_QEMU_X86_NO_SMM), CONFIG_TPM2 and \
            CONFIG_TPM_MEASURED_BOOT. The same input gives the same bytes. Linux payloads of cbfstool start, too; no program \
            may be linked at 0x30000 to 0x4FFFF, which nobody can use once SMRAM is locked.
            """)

    @Option(help: "A ROM that coreboot's build made.")
    var rom: String

    @Option(help: "The ROM to write.")
    var out: String

    @Option(help: "Isolated image to run before the legacy host starts.")
    var workload: String?

    @Option(
        help: """
            ELF program or Linux kernel (bzImage) to start after the security manager, instead of the ROM's own payload.
            """)
    var next: String?

    @Option(help: "Initial RAM disk of the kernel in --next.")
    var initrd: String?

    @Option(parsing: .unconditional, help: "Command line of the kernel in --next.")
    var cmdline: String?

    @Option(help: "ELF program of the payload.")
    var payload = ".build-firmware/payload.elf"

    @Option(help: "Image of the security manager.")
    var manager = ".build-firmware/manager.bin"

    @Option(
        parsing: .unconditional,
        help: "Size of TSEG, 16 to 1024 MiB, in MiB or with a unit (default: as the machine has it).")
    var tsegMbytes: Mebibytes?

    @Flag(help: "Boot even if nothing measured coreboot. Every report shows it, and policies refuse it.")
    var insecure = false

    @Flag(help: "Take out what an earlier run put in.")
    var replace = false

    func validate() throws {
        try tsegMbytes?.requireSMRAMSize("--tseg-mbytes")
        for (option, value) in [("--initrd", initrd), ("--cmdline", cmdline)]
        where next == nil && value != nil {
            throw ValidationError("without --next there is no use for \(option)")
        }
    }

    func run() throws {
        var plan = FlashPlan(payload: payload, manager: manager)
        plan.workload = workload
        plan.next = next
        plan.nextParameters = KernelParameters(initrd: initrd, commandLine: cmdline)
        plan.smramMebibytes = tsegMbytes?.count
        plan.isInsecure = insecure
        plan.replaces = replace
        let bytes = try Flasher().flash(ROM(rom), path: rom, plan)
        try OutputFile.write(bytes, to: out)
        try StandardStreams.result("\(out): flashed", beside: out)
    }
}
