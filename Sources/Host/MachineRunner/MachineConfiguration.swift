/// A virtual machine to be run: QEMU's q35 with SMM under emulation, and a software TPM of its own.
public struct MachineConfiguration: Sendable {
    /// The flash image.
    public var rom: String
    /// ISO image with the legacy host, on AHCI; nil for none.
    public var disk: String?
    /// Folder for the TPM's state, sockets and logs. Made if need be; the TPM keeps its identity in it.
    public var folder: String
    /// Cores, 1…8.
    public var cores = 2
    /// RAM in MiB.
    public var memory = 2048
    /// TSEG in MiB, 16…1024.
    public var smram = 64
    /// Port on the loopback interface that reaches port 8080 of the legacy host; 0 picks a free one.
    public var port: UInt16 = 0
    /// Whether a reset starts the machine again; else it ends it.
    public var restarts = false
    /// QEMU: a name that is looked for in PATH, or a path.
    public var emulator = Emulator.installed
    /// Whether its RAM, SMRAM among it, is a file in the folder, ``FileName/memory``, which stays when the machine has ended.
    public var keepsMemory = false

    public init(rom: String, folder: String) {
        self.rom = rom
        self.folder = folder
    }

    /// QEMU's CPU model; tools/processor reads it here for scripts. Where a CPU says that it repeats string instructions fast,
    /// kernels copy and clear with them. This emulator does a byte at a time.
    static let processor = "max,-erms,-fsrm"

    /// QEMU's arguments. Names of sockets are relative to ``folder``, where QEMU is started: a socket's path is
    /// limited to 107 bytes.
    func arguments(rom: String, disk: String?, port: UInt16) -> [String] {
        let console = EmulatorOption(
            "socket",
            [
                "id": "console", "path": FileName.console, "server": "on", "wait": "off",
                "logfile": FileName.consoleLog,
            ])
        var arguments = [
            "-machine", keepsMemory ? "q35,smm=on,memory-backend=memory" : "q35,smm=on", "-accel",
            "tcg,thread=multi", "-cpu", MachineConfiguration.processor,
            "-smp",
            "\(cores)",
            "-m", "\(memory)", "-global", "mch.extended-tseg-mbytes=\(smram)", "-bios", rom, "-nodefaults",
            "-display", "none",
            "-chardev", console.text, "-serial", "chardev:console",
            "-chardev", EmulatorOption("socket", ["id": "tpm", "path": FileName.tpm]).text,
            "-tpmdev", "emulator,id=tpm0,chardev=tpm",
            "-device", "tpm-tis,tpmdev=tpm0",
            "-netdev", "user,id=net0,hostfwd=tcp:127.0.0.1:\(port)-:8080",
            "-device", "virtio-net-pci,netdev=net0",
        ]
        if keepsMemory {
            let backend = EmulatorOption(
                "memory-backend-file",
                ["id": "memory", "size": "\(memory)M", "mem-path": FileName.memory, "share": "on"])
            arguments += ["-object", backend.text]
        }
        if !restarts { arguments.append("-no-reboot") }
        if let disk {
            let drive = EmulatorOption([
                "id": "disk", "if": "none", "media": "cdrom", "readonly": "on", "file": disk,
            ])
            arguments += ["-drive", drive.text, "-device", "ide-cd,drive=disk,bus=ide.0"]
        }
        return arguments
    }
}

/// Files in a machine's folder.
public enum FileName {
    /// Socket of the first serial port: `socat - UNIX-CONNECT:…` gives a shell in the demo's legacy host.
    public static let console = "console.sock"
    /// All that the first serial port said.
    public static let consoleLog = "console.log"
    /// What QEMU itself said.
    public static let machineLog = "machine.log"
    /// The machine's RAM, of a machine that keeps it. Whoever reads it knows all secrets of its environments.
    public static let memory = "memory"
    /// Held while the machine, or what started it, runs.
    static let lock = "machine.lock"
    static let monitor = "monitor.sock"
    static let tpm = "tpm.sock"
    static let tpmLog = "tpm.log"
    static let tpmState = "tpm"
    static let authority = "ca"
    /// Certificates that an endorsement certificate of this TPM chains to, in PEM.
    public static let authorityCertificates = "ek-ca.pem"
}
