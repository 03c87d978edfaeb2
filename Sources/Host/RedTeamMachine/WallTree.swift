internal import Diagnostics
internal import Foundation
internal import MachineRunner
internal import SICEABI

/// A copy of the sources in which one wall at a time is taken out. It stays, so that its builds are incremental.
struct WallTree {
    /// What the firmware's builds read. Tests are there because the package names them.
    private static let parts = [
        "Package.swift", "Package.resolved", "Sources", "Tests", "smm", "coreboot-payload", "tools",
    ]

    private let root: String

    /// Brings the copy of the current folder's sources up to date. Throws `outputFailed`, `fileMissing`.
    init(at folder: String) throws(ToolError) {
        root = folder.absolutePath
        var hasOtherFiles = false
        for part in WallTree.parts where try synchronize(part) { hasOtherFiles = true }
        // A build that goes on from an earlier one does not look for files that were added.
        if hasOtherFiles {
            try? FileManager.default.removeItem(atPath: "\(root)/.build-firmware/swift")
        }
        // The cryptographic library is not ours to change.
        for name in ["bearssl", "libbearssl.a"] { try link(name, to: "\(firmware)/\(name)") }
    }

    private var firmware: String { "\(root)/.build-firmware" }

    /// Builds the firmware with all walls. Returns the folder of `manager.bin` and `payload.elf`. Throws as
    /// ``build(without:)``.
    func build() throws(ToolError) -> String {
        let folder = try emptyFolder(WallTree.all)
        let payload = Background { () throws(ToolError) in try make(.payload, "every wall", folder) }
        let manager = Result { () throws(ToolError) in try make(.manager, "every wall", folder) }
        try payload.value()
        try manager.get()
        return folder
    }

    /// Builds the firmware without a wall, then puts the sources back. What that wall's file does not name is that of
    /// ``build()``. Returns the folder. Throws `wallStale` when the text that stands for it is not in its source exactly
    /// once or an image does not change, `programFailed` when the build fails.
    func build(without wall: Wall) throws(ToolError) -> String {
        let folder = try emptyFolder(wall.name)
        var originals: [(path: String, text: String)] = []
        defer { for original in originals.reversed() { try? write(original.text, original.path) } }
        for change in wall.changes {
            let text = try text(change)
            let changed = try change.remove(from: text, of: wall.name)
            originals.append((change.source, text))
            try write(changed, change.source)
        }
        for image in Wall.Image.allCases {
            if wall.images.contains(image) {
                try make(image, wall.name, folder)
            } else {
                try copy("\(products)/\(WallTree.all)/\(image.file)", to: "\(folder)/\(image.file)")
            }
        }
        try expectChange(wall.name, folder)
        return folder
    }

    /// A build that did not take up the change would show a wall that stands.
    private func expectChange(_ name: String, _ folder: String) throws(ToolError) {
        let whole = "\(products)/\(WallTree.all)"
        let isWhole = Wall.Image.allCases.allSatisfy {
            FileManager.default.contentsEqual(atPath: "\(folder)/\($0.file)", andPath: "\(whole)/\($0.file)")
        }
        guard !isWhole else { throw ToolError(.wallStale, "\(name).wall: its build changes nothing") }
    }

    /// Looks whether the sources still have what a wall's file takes out. Throws `wallStale`, `fileMissing`.
    func check(_ wall: Wall) throws(ToolError) {
        for change in wall.changes { _ = try change.remove(from: text(change), of: wall.name) }
    }

    private func text(_ change: Wall.Change) throws(ToolError) -> String {
        String(decoding: try InputFile.read("\(root)/\(change.source)"), as: UTF8.self)
    }

    private func make(_ image: Wall.Image, _ name: String, _ folder: String) throws(ToolError) {
        let script = "\(image.rawValue)/build"
        let log = "\(root)/\(image.rawValue).log"
        guard try Program.run("\(root)/\(script)", [], log: log) == 0 else {
            throw ToolError(.programFailed, "\(name): \(script); see \(log)")
        }
        try copy("\(firmware)/\(image.file)", to: "\(folder)/\(image.file)")
    }

    /// Folder of firmware with all walls; no wall's file can be named so.
    private static let all = ".all"
    private var products: String { "\(firmware)/walls" }

    /// A folder for firmware, with the host that attacks by root of Linux need.
    private func emptyFolder(_ name: String) throws(ToolError) -> String {
        let folder = "\(products)/\(name)"
        try? FileManager.default.removeItem(atPath: folder)
        for part in ["grub.elf", "tests", "workloads"] { try link(part, to: "\(folder)/\(part)") }
        return folder
    }

    private func copy(_ source: String, to target: String) throws(ToolError) {
        do { try FileManager.default.copyItem(atPath: source, toPath: target) } catch {
            throw ToolError(.outputFailed, "\(target): \(error.localizedDescription)")
        }
    }

    /// Replaces a file's text; a script stays one that can be run.
    private func write(_ text: String, _ path: String) throws(ToolError) {
        let file = "\(root)/\(path)"
        let mode = (try? FileManager.default.attributesOfItem(atPath: file))?[.posixPermissions]
        try OutputFile.write(Array(text.utf8), to: file)
        guard let mode else { return }
        do { try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file) } catch {
            throw ToolError(.outputFailed, "\(file): \(error.localizedDescription)")
        }
    }

    /// Copies files that differ, by their contents, and removes those that are gone. Returns whether there are others
    /// now than before.
    private func synchronize(_ part: String) throws(ToolError) -> Bool {
        let wanted = Set(WallTree.files(in: ".", part))
        let found = Set(WallTree.files(in: root, part))
        for path in found.subtracting(wanted) {
            try? FileManager.default.removeItem(atPath: "\(root)/\(path)")
        }
        for path in wanted where !FileManager.default.contentsEqual(atPath: path, andPath: "\(root)/\(path)")
        {
            let target = URL(filePath: "\(root)/\(path)")
            do {
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try? FileManager.default.removeItem(at: target)
                try FileManager.default.copyItem(atPath: path, toPath: target.path)
            } catch { throw ToolError(.outputFailed, "\(target.path): \(error.localizedDescription)") }
        }
        return found != wanted
    }

    /// Files of a part, hidden ones left out: they are what builds leave.
    private static func files(in root: String, _ part: String) -> [String] {
        if isFile("\(root)/\(part)") { return [part] }
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(part)")) ?? []
        return names.map { "\(part)/\($0)" }.filter { path in
            !path.split(separator: "/").contains { $0.hasPrefix(".") } && isFile("\(root)/\(path)")
        }
    }

    private static func isFile(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeRegular
    }

    private func link(_ name: String, to target: String) throws(ToolError) {
        let source = ".build-firmware/\(name)".absolutePath
        let folder = URL(filePath: target).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try? FileManager.default.removeItem(atPath: target)
            try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: source)
        } catch { throw ToolError(.outputFailed, "\(target): \(error.localizedDescription)") }
    }
}
