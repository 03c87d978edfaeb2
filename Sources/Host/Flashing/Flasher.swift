internal import CorebootFormats
public import Diagnostics
internal import ImageBuilder
public import Reference
internal import SICEABI
internal import SMRAMInstaller

/// Puts payload, security manager and options into a user's coreboot ROM, and takes them out again.
///
/// The ROM's own payload is kept as stored, so that it still starts, after the security manager, and so that
/// taking everything out gives back what was there. The same input gives the same bytes.
public struct Flasher {
    private let tool: CBFSTool

    /// Throws `programMissing`, `outputFailed`.
    public init() throws(ToolError) { tool = try CBFSTool() }

    /// The flashed ROM.
    ///
    /// - Throws: what `ROM` throws for a damaged one; `romAlreadyFlashed`, `romNoConfiguration`,
    ///   `romHasSMMHandler`, `romNotMeasured`, `romConfigurationUnsupported`, `romNoPayload`, `romNoRoom`;
    ///   `bootBadManagerImage`, `notAnELF`, or an error of the image format for a bad input; `bootBadPayload`,
    ///   `bootPayloadCompressed`, `bootPayloadOverlapsFirmware`, `bootPayloadOutsideRAM` for a program that no machine
    ///   could start afterwards.
    public func flash(_ rom: ROM, path: String, _ plan: FlashPlan) throws(ToolError) -> [UInt8] {
        guard try !rom.isFlashed || plan.replaces else { throw ToolError(.romAlreadyFlashed, path) }
        try tool.load(rom.bytes)
        guard try rom.digest(of: Flasher.configuration) != nil else {
            throw ToolError(.romNoConfiguration, path)
        }
        try CorebootConfiguration(tool.extract(Flasher.configuration)).validate(path)
        let plain = try rom.isFlashed ? ROM(unflash(rom, path: path), path: path) : rom
        let original = try plain.payload(path: path)
        let files = try files(plan, original: original, path: path)
        if original != nil { try tool.remove(ROM.payload) }
        let bare = try ROM(tool.result(), path: path)
        try Room(bare, files).require(path)
        for file in files { try add(file, path) }
        let result = try ROM(tool.result(), path: path)
        for file in files where try result.content(of: file.name) != file.content {
            throw ToolError(.internalFailure, "\(path): \(file.name) is not what was put in")
        }
        return result.bytes
    }

    /// The ROM as it was before ``flash(_:path:_:)``. Throws `romNotFlashed`, and what `ROM` throws.
    public func unflash(_ rom: ROM, path: String) throws(ToolError) -> [UInt8] {
        guard try rom.isFlashed else { throw ToolError(.romNotFlashed, path) }
        let files = try rom.files()
        let kept = files.first { $0.name == ROM.originalPayload } ?? files.first { $0.name == Flasher.next }
        try tool.load(rom.bytes)
        for file in files where ROM.role(of: file.name) != nil { try tool.remove(file.name) }
        if let kept, kept.type == CBFSType.payload {
            try tool.add(rom.stored(kept, as: ROM.payload))
        }
        return try tool.result()
    }

    private static let configuration = "config"
    private static let next = "\(BootMeasurement.next)"

    /// What is put in, in the order of the flash.
    private func files(
        _ plan: FlashPlan, original: CBFSTool.StoredFile?, path: String
    ) throws(ToolError) -> [CBFSTool.StoredFile] {
        var files: [CBFSTool.StoredFile] = [
            .init(name: ROM.payload, kind: .payload, content: try tool.convert(plan.payload)),
            .init(
                name: "\(BootMeasurement.manager)", kind: .raw, content: try manager(plan.manager),
                hasDigestAttribute: true),
        ]
        if let workload = plan.workload {
            _ = try ImageSummary(readingFile: workload)
            files.append(
                .init(
                    name: "\(BootMeasurement.workload)", kind: .raw, content: try InputFile.read(workload),
                    hasDigestAttribute: true))
        }
        files += try next(plan, original: original, path: path)
        if let size = plan.smramMebibytes {
            let content = (0..<8).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
            files.append(.init(name: "\(BootMeasurement.smramSizeOption)", kind: .raw, content: content))
        }
        if plan.isInsecure {
            files.append(.init(name: "\(BootMeasurement.insecureOption)", kind: .raw, content: [0x31]))
        }
        return files
    }

    /// What is started afterwards; the ROM's own payload is put aside if that is something else. Where there is
    /// none, a file that is no payload says so, for ``unflash(_:path:)``.
    private func next(
        _ plan: FlashPlan, original: CBFSTool.StoredFile?, path: String
    ) throws(ToolError) -> [CBFSTool.StoredFile] {
        guard let program = plan.next else {
            guard var original else { throw ToolError(.romNoPayload, path) }
            try NextPlan.validate(original.content, path: "\(path): \(ROM.payload)")
            original.name = Flasher.next
            return [original]
        }
        var kept = original ?? .init(name: "", kind: .raw, content: Array("none".utf8))
        kept.name = ROM.originalPayload
        let content = try tool.convert(program)
        try NextPlan.validate(content, path: program)
        return [.init(name: Flasher.next, kind: .payload, content: content), kept]
    }

    private func manager(_ path: String) throws(ToolError) -> [UInt8] {
        let bytes = try InputFile.read(path, limit: 16 << 20, tooLarge: .bootBadManagerImage)
        do throws(ErrorCode) { _ = try ManagerImage(bytes.span) } catch { throw ToolError(error, path) }
        return bytes
    }

    /// The room was counted, so what fails now is that no single space is large enough.
    private func add(_ file: CBFSTool.StoredFile, _ path: String) throws(ToolError) {
        do throws(ToolError) { try tool.add(file) } catch {
            let largest = try ROM(tool.result(), path: path).emptySpaces().max() ?? 0
            guard error.code == .programFailed, largest < file.content.count + Room.headerSize else {
                throw error
            }
            throw ToolError(
                .romNoRoom,
                "\(path): \(file.name) has \(file.content.count) bytes, the largest space \(largest)")
        }
    }
}
