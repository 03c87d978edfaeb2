internal import ArgumentParser
internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// `sice-attest run`
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a ROM in QEMU with a software TPM.",
        discussion: """
            Example: sice-attest run --rom sice.rom --disk legacy-host.iso --state machine --port 8080
            The TPM keeps its identity in the state folder; its CA is ek-ca.pem there, for enroll --ek-ca. The console is
            the socket console.sock, and its log console.log. Ends with the machine, or on Ctrl-C, and the machine with it, \
            however it ends; a reader of its output may go. A folder in which a machine runs is refused.
            """)

    @Option(help: "The ROM.")
    var rom: String

    @Option(help: "ISO image of the legacy host.")
    var disk: String?

    @Option(help: "Folder for the TPM's state, sockets and logs.")
    var state: String

    @Option(parsing: .unconditional, help: "Port on 127.0.0.1 that reaches `siced`; 0 picks one.")
    var port: UInt16 = 8080

    @Option(parsing: .unconditional, help: "Cores, 1 to 8.")
    var cores = 2

    @Option(parsing: .unconditional, help: "RAM, 512 to 65536 MiB, in MiB or with a unit.")
    var memory = Mebibytes(2048)

    @Option(parsing: .unconditional, help: "TSEG, 16 to 1024 MiB, in MiB or with a unit.")
    var smram = Mebibytes(64)

    @Option(help: "QEMU to run it in, as tools/emulator prints it (default: the installed one).")
    var emulator: String?

    @Flag(help: "Keep RAM, with all secrets in it, in the state folder's file memory, for audit.")
    var keepMemory = false

    func validate() throws {
        guard (1...8).contains(cores) else { throw ValidationError("--cores takes 1 to 8") }
        try smram.requireSMRAMSize("--smram")
        guard (512...65536).contains(memory.count) else {
            throw ValidationError("--memory takes 512 to 65536 MiB")
        }
    }

    func run() async throws {
        StandardStreams.outliveReader()
        var configuration = MachineConfiguration(rom: rom, folder: state)
        configuration.disk = disk
        configuration.port = port
        configuration.cores = cores
        configuration.memory = Int(memory.count)
        configuration.smram = Int(smram.count)
        configuration.emulator = try Emulator.named(emulator)
        configuration.keepsMemory = keepMemory
        let machine = try VirtualMachine(configuration)
        StandardStreams.progress("waiting for the legacy host")
        do throws(ToolError) { try await machine.waitUntilReady() } catch {
            // Linux runs all the same: without a security manager after `unflash`, say.
            guard error.code == .targetRefused else { throw error }
            StandardStreams.message(
                "warning: the legacy host runs, but no security manager answers: \(error.detail)")
        }
        try StandardStreams.resultWhileRead("ready: \(machine.url)")
        machine.wait()
    }
}
