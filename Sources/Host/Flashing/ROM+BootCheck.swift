internal import CorebootFormats
public import Diagnostics
internal import Installation
internal import IsolatedImage
public import Reference
internal import SICEABI

/// What the boot would stop at, as far as the file says it: judged by the code that judges there.
extension ROM {
    /// Refuses a flashed ROM that no machine could boot.
    ///
    /// - Throws: `romFileMissing` for a file that must be there; what ``ROM/bootFile(_:)`` and ``ROM/smramMebibytes()`` throw;
    ///   `bootBadManagerImage`; the errors of an image's header, `imageTruncated`, `imageOversized`,
    ///   `imageTooLarge` for the TSEG that the ROM asks for, or for the largest; for what is started
    ///   afterwards `bootBadPayload`, `bootPayloadCompressed`, `bootPayloadOverlapsFirmware`,
    ///   `bootPayloadInHiddenMemory`, `bootPayloadOutsideRAM`, `bootPayloadDamaged`, `bootNoRoomForInitrd`; `payloadForeign` when coreboot would start something else.
    public func requireBootable() throws(ToolError) {
        let size = try smramMebibytes().map { $0 << 20 } ?? SMRAMLayout.maximumSize
        let room = try check("\(BootMeasurement.manager)") { file throws(ErrorCode) in
            try ROM.poolPages(file, size: size)
        }
        if try bootFile("\(BootMeasurement.workload)") != nil {
            try check("\(BootMeasurement.workload)") { file throws(ErrorCode) in
                guard try ROM.privatePages(file) <= room else { throw .imageTooLarge }
            }
        }
        let next = "\(BootMeasurement.next)"
        let program = try required(next)
        try requirePayloadType(next)
        try NextPlan.validate(program, path: "\(path): \(next)")
        let payload = try required(ROM.payload)
        try requirePayloadType(ROM.payload)
        try OwnPayload.validate(payload, path: "\(path): \(ROM.payload)")
    }

    private func required(_ name: String) throws(ToolError) -> [UInt8] {
        guard let file = try bootFile(name) else { throw ToolError(.romFileMissing, "\(path): \(name)") }
        return file
    }

    private func requirePayloadType(_ name: String) throws(ToolError) {
        guard try files().first(where: { $0.name == name })?.type == CBFSType.payload else {
            throw ToolError(.bootBadPayload, "\(path): \(name) is no file of type payload")
        }
    }

    private func check<Result>(
        _ name: String, _ judge: ([UInt8]) throws(ErrorCode) -> Result
    ) throws(ToolError) -> Result {
        let content = try required(name)
        do throws(ErrorCode) { return try judge(content) } catch {
            throw ToolError(error, "\(path): \(name)")
        }
    }

    /// Pages that environments get in a TSEG of this size.
    private static func poolPages(_ manager: [UInt8], size: UInt64) throws(ErrorCode) -> UInt64 {
        let image = try ManagerImage(manager.span)
        return try SMRAMPlan(base: (1 << 32) - size, size: size, coreCount: 1, image: image).poolPages
    }

    /// Pages that an image needs besides the tables that the manager makes of it.
    private static func privatePages(_ file: [UInt8]) throws(ErrorCode) -> UInt64 {
        guard file.count >= ImageLayout.headerSize else { throw .imageTruncated }
        let header = try ImageHeader(validating: file.span.extracting(..<ImageLayout.headerSize))
        guard UInt64(file.count) >= header.fileSize else { throw .imageTruncated }
        guard UInt64(file.count) == header.fileSize else { throw .imageOversized }
        return header.privatePages
    }
}

/// The payload that installs the security manager.
enum OwnPayload {
    /// Refuses a payload of someone else's, by where it is loaded: ours runs in memory that it holds for itself. Throws
    /// `payloadForeign`, and what `SELFPayload` throws.
    static func validate(_ content: [UInt8], path: String) throws(ToolError) {
        do throws(ErrorCode) {
            let payload = try SELFPayload(content.span)
            let range = BootMemory.payloadBase..<(BootMemory.payloadBase + BootMemory.payloadSize)
            guard payload.count > 0, range.contains(payload.entry) else { throw .payloadForeign }
            for index in 0..<payload.count {
                let segment = payload[index]
                guard range.contains(segment.loadAddress),
                    segment.memorySize <= range.upperBound - segment.loadAddress
                else { throw .payloadForeign }
            }
            try payload.requireExpandable(content)
        } catch { throw ToolError(error, path) }
    }
}
