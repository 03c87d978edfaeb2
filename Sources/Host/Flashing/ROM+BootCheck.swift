internal import CorebootFormats
public import Diagnostics
internal import IsolatedImage
public import Reference
internal import SICEABI
internal import SMRAMInstaller

/// What the boot would stop at, as far as the file says it: judged by the code that judges there.
extension ROM {
    /// Refuses a flashed ROM that no machine could boot.
    ///
    /// - Throws: `romFileMissing` for a file that must be there; what ``ROM/bootFile(_:)`` and ``ROM/smramMebibytes()`` throw;
    ///   `bootBadManagerImage`; the errors of an image's header, `imageTruncated`, `imageOversized`; for what is started
    ///   afterwards `bootBadPayload`, `bootPayloadCompressed`, `bootPayloadOverlapsFirmware`, `bootPayloadOutsideRAM`,
    ///   `bootPayloadDamaged`; `payloadForeign` when coreboot would start something else.
    public func requireBootable() throws(ToolError) {
        let manager = "\(BootMeasurement.manager)"
        try check(manager, required(manager)) { file throws(ErrorCode) in _ = try ManagerImage(file.span) }
        _ = try smramMebibytes()
        let workload = "\(BootMeasurement.workload)"
        if let image = try bootFile(workload) { try check(workload, image, ROM.requireImage) }
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

    private func check(
        _ name: String, _ content: [UInt8], _ judge: ([UInt8]) throws(ErrorCode) -> Void
    ) throws(ToolError) {
        do throws(ErrorCode) { try judge(content) } catch { throw ToolError(error, "\(path): \(name)") }
    }

    private static func requireImage(_ file: [UInt8]) throws(ErrorCode) {
        guard file.count >= ImageLayout.headerSize else { throw .imageTruncated }
        let size = try ImageHeader(validating: file.span.extracting(..<ImageLayout.headerSize)).fileSize
        guard UInt64(file.count) >= size else { throw .imageTruncated }
        guard UInt64(file.count) == size else { throw .imageOversized }
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
