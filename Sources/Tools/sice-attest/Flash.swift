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
            CONFIG_TPM_MEASURED_BOOT. The same input gives the same bytes.
            """)

    @Option(help: "A ROM that coreboot's build made.")
    var rom: String

    @Option(help: "The ROM to write.")
    var out: String

    @Option(help: "Isolated image to run before the legacy host starts.")
    var workload: String?

    @Option(help: "ELF program to start after the security manager, instead of the ROM's own payload.")
    var next: String?

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
    }

    func run() throws {
        var plan = FlashPlan(payload: payload, manager: manager)
        plan.workload = workload
        plan.next = next
        plan.smramMebibytes = tsegMbytes?.count
        plan.isInsecure = insecure
        plan.replaces = replace
        let bytes = try Flasher().flash(ROM(rom), path: rom, plan)
        try OutputFile.write(bytes, to: out)
        try StandardStreams.result("\(out): flashed", beside: out)
    }
}
