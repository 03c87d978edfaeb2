internal import Diagnostics
internal import Foundation
internal import ImageBuilder
internal import LinuxBoot
internal import MachineRunner
internal import SICEABI

/// coreboot's own `cbfstool` (Debian: coreboot-utils), working on a copy of the ROM in a folder of its own.
final class CBFSTool {
    /// A file of the CBFS as stored.
    struct StoredFile {
        /// cbfstool's name of the type.
        enum Kind: String {
            case raw
            case payload = "simple elf"
        }

        var name: String
        var kind: Kind
        var content: [UInt8]
        var hasDigestAttribute = false
    }

    private let temporary: TemporaryFolder
    private var folder: String { temporary.path }

    /// Throws `outputFailed`, `programMissing`.
    init() throws(ToolError) {
        temporary = try TemporaryFolder(prefix: FileManager.default.temporaryDirectory.path + "/sice-flash-")
        _ = try Program.find("cbfstool")
    }

    private var rom: String { folder + "/rom" }
    private var log: String { folder + "/log" }

    /// Starts anew with these bytes. Throws `outputFailed`.
    func load(_ bytes: [UInt8]) throws(ToolError) { try OutputFile.write(bytes, to: rom, synced: false) }

    /// The ROM as it is now. Throws `fileMissing`.
    func result() throws(ToolError) -> [UInt8] { try InputFile.read(rom) }

    /// - Parameter place: where the content goes, in bytes from the start of the file system; nil for the first room.
    func add(_ file: StoredFile, at place: UInt64? = nil) throws(ToolError) {
        let content = folder + "/content"
        try OutputFile.write(file.content, to: content, synced: false)
        let digest = file.hasDigestAttribute ? ["-A", "sha256"] : []
        let base = place.map { ["-b", "\($0)"] } ?? []
        try run(
            [rom, "add", "-f", content, "-n", file.name, "-t", file.kind.rawValue, "-c", "none"] + digest
                + base)
    }

    func remove(_ name: String) throws(ToolError) { try run([rom, "remove", "-n", name]) }

    /// A file's content, decompressed; nil when it cannot be. Throws `programFailed` when cbfstool cannot be started.
    func extract(_ name: String) throws(ToolError) -> [UInt8]? {
        guard try isDone([rom, "extract", "-n", name, "-f", folder + "/extracted"]) else { return nil }
        return try InputFile.read(folder + "/extracted", limit: 64 << 20)
    }

    /// Turns an ELF file or a Linux kernel into the format of payloads (SELF), uncompressed: in an empty CBFS that is large
    /// enough. What cbfstool would meet with an abort, or take although no machine here can run it, is refused before.
    ///
    /// - Throws: `fileMissing`, `romNoRoom`, `programFailed`; the errors of `ELFProgram` and `KernelImage`; with
    ///   parameters of a kernel, `notALinuxKernel` for anything else.
    func convert(
        _ path: String, _ parameters: KernelParameters = KernelParameters()
    ) throws(ToolError) -> [UInt8] {
        let program = try InputFile.read(path, limit: 64 << 20, tooLarge: .romNoRoom)
        try check(program, path, isKernel: parameters != KernelParameters())
        let (scratch, copy, disk) = (folder + "/scratch", folder + "/program", folder + "/initrd")
        try OutputFile.write(program, to: copy, synced: false)
        var (size, arguments) = (program.count, ["add-payload", "-f", copy, "-n", "program", "-c", "none"])
        if let initrd = parameters.initrd {
            let content = try InputFile.read(initrd, limit: 64 << 20, tooLarge: .romNoRoom)
            try OutputFile.write(content, to: disk, synced: false)
            size += content.count
            arguments += ["-I", disk]
        }
        if let line = parameters.commandLine { arguments += ["-C", line] }
        size = (size + (1 << 18)) & ~0xFFFF
        try run([scratch, "create", "-m", "x86", "-s", "\(size)"])
        try run([scratch] + arguments)
        try run([scratch, "extract", "-n", "program", "-U", "-f", folder + "/extracted"])
        return try InputFile.read(folder + "/extracted", limit: 64 << 20)
    }

    private func check(_ program: [UInt8], _ path: String, isKernel: Bool) throws(ToolError) {
        do throws(ErrorCode) {
            _ = try KernelImage(program.span)
            return
        } catch {
            guard error == .notALinuxKernel, !isKernel else { throw ToolError(error, path) }
        }
        do throws(ToolError) { _ = try ELFProgram(program, for: .payload) } catch {
            throw ToolError(error.code, error.detail.isEmpty ? path : "\(path): \(error.detail)")
        }
    }

    /// Throws `programFailed` when it cannot be started.
    private func isDone(_ arguments: [String]) throws(ToolError) -> Bool {
        try Program.run("cbfstool", arguments, log: log) == 0
    }

    /// Throws `programFailed` with the program's last words.
    private func run(_ arguments: [String]) throws(ToolError) {
        guard try !isDone(arguments) else { return }
        let words = (try? InputFile.read(log, limit: 1 << 20)) ?? []
        let lines = String(decoding: words, as: UTF8.self).split(separator: "\n")
        throw ToolError(.programFailed, "cbfstool \(arguments[1]): \(lines.last ?? "no words")")
    }
}
