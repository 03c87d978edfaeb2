public import Diagnostics
internal import ImageBuilder
internal import Installation
internal import OpenSSLCrypto
public import Reference
internal import SICEABI

/// Puts payload, security manager and options into a user's coreboot ROM, and takes them out again.
///
/// The ROM's own payload is kept as stored, so that it still starts, after the security manager, and so that
/// taking everything out gives back what was there. The same input gives the same bytes.
public struct Flasher {
    let tool: CBFSTool

    private static let configuration = "config"
    static let next = "\(BootMeasurement.next)"

    /// Throws `programMissing`, `outputFailed`.
    public init() throws(ToolError) { tool = try CBFSTool() }

    /// The flashed ROM.
    ///
    /// - Throws: what `ROM` throws for a damaged one; `romAlreadyFlashed`, `romLeftovers`, `romNoConfiguration`,
    ///   `romHasSMMHandler`, `romNotMeasured`, `romConfigurationUnsupported`, `romNoPayload`, `romNoRoom`;
    ///   `payloadForeign`, `bootBadManagerImage`, or an error of the ELF, kernel or image format for a bad input; `bootBadPayload`,
    ///   `bootPayloadCompressed`, `bootPayloadDamaged`, `bootPayloadOverlapsFirmware`, `bootPayloadInHiddenMemory`,
    ///   `bootPayloadOutsideRAM`, `bootNoRoomForInitrd` for a program that no machine could start afterwards.
    public func flash(_ rom: ROM, path: String, _ plan: FlashPlan) throws(ToolError) -> [UInt8] {
        guard try !rom.isFlashed || plan.replaces else { throw ToolError(.romAlreadyFlashed, path) }
        try checkConfiguration(rom, path)
        let plain = try rom.isFlashed ? ROM(unflash(rom, path: path).bytes, path: path) : rom
        // Whoever put them there, they would decide about the boot: nothing is adopted.
        let leftovers = try plain.ownNames()
        guard leftovers.isEmpty else {
            throw ToolError(.romLeftovers, "\(path): \(leftovers.joined(separator: ", "))")
        }
        try tool.load(plain.bytes)
        let original = try plain.payload(path: path)
        let files = try files(plan, original: original, record: record(rom, plain), path: path)
        if original != nil { try tool.remove(ROM.payload) }
        let bare = try ROM(tool.result(), path: path)
        try Room(bare, files).require(path)
        for file in files { try add(file, path) }
        let result = try ROM(tool.result(), path: path)
        for file in files where try result.content(of: file.name) != file.content {
            throw ToolError(.internalFailure, "\(path): \(file.name) is not what was put in")
        }
        try result.requireBootable()
        return result.bytes
    }

    private func checkConfiguration(_ rom: ROM, _ path: String) throws(ToolError) {
        guard try rom.digest(of: Flasher.configuration) != nil else {
            throw ToolError(.romNoConfiguration, path)
        }
        try tool.load(rom.bytes)
        guard let content = try tool.extract(Flasher.configuration) else {
            throw ToolError(.romFileSystemDamaged, "\(path): \(Flasher.configuration) cannot be expanded")
        }
        try CorebootConfiguration(content).validate(path)
    }

    /// What `unflash` will need to know. What the ROM was before it was first flashed stays true when it is flashed again.
    private func record(_ rom: ROM, _ plain: ROM) throws(ToolError) -> FlashRecord {
        let place = try plain.files().first { $0.name == ROM.payload }
            .map { UInt64($0.content.lowerBound - plain.fileSystem.lowerBound) }
        guard try rom.isFlashed else {
            return FlashRecord(before: SHA256.hash(plain.bytes), payload: [], place: place)
        }
        guard let earlier = try rom.flashRecord, try rom.digest(of: ROM.payload) == earlier.payload else {
            return FlashRecord(before: nil, payload: [], place: place)
        }
        return earlier
    }

    /// What is put in, in the order of the flash.
    private func files(
        _ plan: FlashPlan, original: CBFSTool.StoredFile?, record: FlashRecord, path: String
    ) throws(ToolError) -> [CBFSTool.StoredFile] {
        let payload = try tool.convert(plan.payload)
        try OwnPayload.validate(payload, path: plan.payload)
        var record = record
        record.payload = SHA256.hash(payload)
        var files: [CBFSTool.StoredFile] = [
            .init(name: ROM.payload, kind: .payload, content: payload),
            .init(
                name: "\(BootMeasurement.manager)", kind: .raw, content: try manager(plan.manager),
                hasDigestAttribute: true),
        ]
        if let workload = plan.workload {
            let file = try InputFile(workload, isReadAgain: true)
            _ = try ImageSummary(reading: file)
            file.rewind()
            files.append(
                .init(
                    name: "\(BootMeasurement.workload)", kind: .raw, content: try file.readRest(),
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
        files.append(.init(name: ROM.record, kind: .raw, content: record.bytes))
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
        let content = try tool.convert(program, plan.nextParameters)
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
