internal import Foundation
internal import MachineRunner

/// A program that the project starts, or a file that it needs, with the Debian package that brings it.
struct RequiredProgram {
    /// Name of the program, or path of the file.
    let name: String
    let package: String
    let purpose: String
    /// Least version, major and minor; nil when any will do.
    var minimum: (Int, Int)?

    enum Finding {
        case usable(String)
        case tooOld(String)
        case missing

        var isUsable: Bool {
            if case .usable = self { true } else { false }
        }
    }

    static let all = [
        RequiredProgram(
            name: "qemu-system-x86_64", package: "qemu-system-x86", purpose: "runs the machine",
            minimum: (7, 2)),
        RequiredProgram(name: "swtpm", package: "swtpm", purpose: "is the machine's TPM", minimum: (0, 7)),
        RequiredProgram(
            name: "swtpm_setup", package: "swtpm-tools", purpose: "gives the TPM its certificate"),
        RequiredProgram(
            name: "tpm2_checkquote", package: "tpm2-tools", purpose: "checks evidence independently"),
        RequiredProgram(name: "openssl", package: "openssl", purpose: "checks signatures independently"),
        RequiredProgram(name: "cbfstool", package: "coreboot-utils", purpose: "assembles ROMs"),
        RequiredProgram(name: "grub-mkstandalone", package: "grub-common", purpose: "makes sice/next"),
        RequiredProgram(
            name: "/usr/lib/grub/i386-coreboot/normal.mod", package: "grub-coreboot-bin",
            purpose: "is GRUB for coreboot"),
        RequiredProgram(name: "xorriso", package: "xorriso", purpose: "makes the legacy host's disk"),
        RequiredProgram(
            name: "busybox", package: "busybox-static", purpose: "is the legacy host's user space"),
        RequiredProgram(name: "iasl", package: "acpica-tools", purpose: "checks ACPI tables"),
    ]

    var minimumText: String { minimum.map { "\($0.0).\($0.1)" } ?? "" }

    /// Looks for the program in PATH and asks it for its version.
    func look() -> Finding {
        let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let directories = searchPath.split(separator: ":").map(String.init) + ["/usr/sbin"]
        let candidates = directories.map { "\($0)/\(name)" }
        if name.hasPrefix("/") {
            return FileManager.default.fileExists(atPath: name) ? .usable("") : .missing
        }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            return .missing
        }
        guard let minimum else { return .usable(path) }
        guard let version = version(of: path) else { return .missing }
        let text = "\(version.0).\(version.1)"
        return version >= minimum ? .usable(text) : .tooOld(text)
    }

    /// The first "N.N" that `--version` prints.
    private func version(of path: String) -> (Int, Int)? {
        guard let text = try? Program.output(of: path, ["--version"]),
            let match = text.firstMatch(of: /(\d+)\.(\d+)/),
            let major = Int(match.1), let minor = Int(match.2)
        else { return nil }
        return (major, minor)
    }
}
