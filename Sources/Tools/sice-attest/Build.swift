internal import ArgumentParser
internal import Diagnostics
internal import ImageBuilder
internal import OpenSSLCrypto
internal import SICEABI
internal import StrictJSON

/// `sice-attest build`
struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Build an isolated image from a static ELF program, or from a Linux kernel.",
        discussion: """
            Example: sice-attest build --manifest signer.json --out signer.image
            where signer.json is
              {"schema": "sice.manifest/1", "name": "signer", "version": "1.0", "program": "signer.elf",
               "stack": "64KiB", "debug": false,
               "windows": [{"name": "io", "size": "64KiB", "address": "0x40000000", "write": true}]}
            Or, for an unmodified Linux as the guest:
              sice-attest build --linux vmlinuz --initrd initrd.gz --cmdline "console=ttyS0 acpi=off" \
                --memory 512 --name guest --out guest.image
            The same input gives the same bytes. Prints the measurement.
            """)

    @Option(help: "The manifest.")
    var manifest: String?

    @Option(help: "The ELF program, instead of the one that the manifest names (relative to the manifest).")
    var program: String?

    @Option(help: "The image to write.")
    var out: String

    @OptionGroup var linux: LinuxOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (manifest == nil) == (linux.kernel != nil) else {
            throw ValidationError("pass either --manifest or --linux")
        }
        guard program == nil || manifest != nil else { throw ValidationError("--program needs --manifest") }
    }

    func run() throws {
        let image = if let manifest { try program(manifest) } else { try linux.image() }
        try OutputFile.write(image, to: out)
        let measurement = Hex.encode(SHA256.hash(image))
        try output.print(
            text: [measurement],
            json: .object([
                "schema": .string("sice.measurement/1"), "image": .string(out),
                "measurement": .string(measurement), "size": .integer(Int64(image.count)),
            ]), beside: out)
    }

    private func program(_ manifest: String) throws(ToolError) -> [UInt8] {
        let description = try Manifest(
            InputFile.read(manifest, limit: 1 << 20, tooLarge: .manifestUnreadable), path: manifest)
        let programPath = program ?? Build.resolve(description.program, beside: manifest)
        // Larger than the largest TSEG: no manager could ever hold it.
        let elf = try ELFProgram(InputFile.read(programPath, limit: 1 << 30, tooLarge: .imageTooLarge))
        return try ImagePlan(elf, description).imageFile()
    }

    /// The manifest's folder, then the path as it stands: where `..` leads is the file system's to say. To shorten it as
    /// text leads elsewhere when a folder is a symbolic link, and another program would be measured.
    private static func resolve(_ path: String, beside manifest: String) -> String {
        guard !path.hasPrefix("/"), let end = manifest.lastIndex(of: "/") else { return path }
        return manifest[...end] + path
    }
}
