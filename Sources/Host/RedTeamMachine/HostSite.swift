internal import Appraisal
internal import AttestClient
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import Flashing
public import MachineRunner
internal import OpenSSLCrypto
internal import Reference
internal import SICEABI
internal import StrictJSON

/// A machine whose legacy host is Linux, and what its verifier knows.
///
/// Whatever is in `folder` is one machine: its TPM keeps its identity there.
struct HostSite {
    /// TSEG in MiB, unless the ROM asks for another size.
    private static let defaultSize: UInt64 = 64
    /// The environment that every legacy host starts with.
    static let environment = "signer"

    let parts: HostParts
    let rom: String
    let folder: String
    /// In MiB.
    let smramSize: UInt64
    let memorySize: UInt64

    /// Throws `fileMissing`, and what makes the file no ROM.
    init(_ parts: HostParts, rom: String, folder: String) throws(ToolError) {
        self.parts = parts
        self.rom = rom
        self.folder = folder
        smramSize = try ROM(rom).smramMebibytes() ?? HostSite.defaultSize
        memorySize = UInt64(MachineConfiguration(rom: rom, folder: folder).memory)
    }

    /// Boots it, and ends it behind `body`. A reset ends it before, unless it `restarts`.
    func boot<Result>(
        restarts: Bool = false, _ body: (VirtualMachine, TargetClient) async throws(ToolError) -> Result
    ) async throws(ToolError) -> Result {
        var configuration = MachineConfiguration(rom: rom, folder: folder)
        configuration.disk = parts.disk
        configuration.restarts = restarts
        configuration.emulator = parts.emulator
        configuration.smram = Int(smramSize)
        let machine = try VirtualMachine(configuration)
        defer { machine.stop() }
        try await machine.waitUntilReady()
        return try await body(machine, try TargetClient(url: machine.url))
    }

    /// Certificates of the TPM's manufacturer.
    func authorities() throws(ToolError) -> [UInt8] {
        try InputFile.read("\(folder)/\(FileName.authorityCertificates)")
    }

    /// What the verifier expects of the machine's signer.
    func expectations(_ enrollment: Enrollment, _ challenge: Challenge) throws(ToolError) -> Expectations {
        let image = try InputFile.read("\(parts.firmware)/workloads/signer.image")
        return Expectations(
            nonce: challenge.nonce, enrollment: enrollment,
            reference: try ReferenceValues(ROM(rom), smramSize: smramSize << 20, images: []),
            measurements: [SHA256.hash(image)], policy: parts.rom == nil ? .standIn : .emulated)
    }

    /// Evidence of an environment, the signer unless another one is named.
    static func collect(
        _ client: TargetClient, _ challenge: Challenge, of name: String = environment
    ) async throws(ToolError) -> EvidenceBundle {
        let identifier = try await client.environment(name)
        let path = "/v1/evidence?nonce=\(Hex.encode(challenge.nonce))&environment=\(identifier)"
        return try EvidenceBundle(
            try await client.get(path, limit: EvidenceBundle.maximumSize), path: "evidence")
    }
}

/// Where the parts of a machine with an operating system come from.
public struct HostParts: Sendable {
    /// Folder of `tools/build`'s products.
    public var firmware: String
    /// A coreboot ROM to flash; nil for the stand-in.
    public var rom: String?
    /// QEMU: a name that is looked for in PATH, or a path.
    public var emulator: String
    /// ISO image of the legacy host, with the attacker's programs.
    public var disk: String { "\(firmware)/tests/attack.iso" }

    public init(firmware: String, rom: String?, emulator: String = Emulator.installed) {
        self.firmware = firmware
        self.rom = rom
        self.emulator = emulator
    }

    /// Writes the ROM that starts that host. Throws what ``AttackParts`` throws.
    func assemble(to path: String) throws(ToolError) {
        try AttackParts(firmware: firmware, attacker: "\(firmware)/grub.elf", rom: rom).assemble(to: path)
    }
}
