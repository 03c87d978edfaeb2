internal import ArgumentParser
internal import Diagnostics
internal import PagingAudit
internal import SICEABI

/// `sice-attest audit`
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Judge a stopped machine's memory: page tables, nested page tables, owners of pages, VMRUN.",
        discussion: """
            Example: sice-attest audit --memory machine/memory --manager .build-firmware/manager.elf --picture map.svg
            The memory is the file that `sice-attest run --keep-memory` leaves in its state folder. Stop the machine first: \
            its Ctrl-C, power-off, or SIGSTOP to QEMU. The manager.elf is the one of the ROM's own build; code and constants \
            in SMRAM are compared with it. Prints a picture of the memory map and each rule that does not hold, with what \
            it means; --picture draws it, as SVG.
            Exit status: 0 clean, 1 violated, 65 not such a machine's memory.
            """)

    @Option(help: "The machine's memory.")
    var memory: String

    @Option(help: "The security manager with its symbols, manager.elf.")
    var manager: String

    @Option(parsing: .unconditional, help: "TSEG, 16 to 1024 MiB; left out, it is looked for.")
    var smram: Mebibytes?

    @Option(help: "File for a picture of the memory map (SVG).")
    var picture: String?

    @OptionGroup var output: OutputOptions

    func validate() throws { try smram?.requireSMRAMSize("--smram") }

    func run() throws {
        let file = try InputFile.read(manager, limit: 16 << 20, tooLarge: .managerUnusable)
        let audit = try PagingAudit(
            MemoryFile(memory), manager: ManagerFile(file), smramSize: smram.map { $0.count << 20 })
        if let picture {
            try OutputFile.write(Array(audit.map.svg(findings: audit.findings).utf8), to: picture)
        }
        try output.print(text: audit.text, json: audit.json, beside: picture)
        if audit.findingCount > 0 { throw ExitCode(1) }
    }
}
