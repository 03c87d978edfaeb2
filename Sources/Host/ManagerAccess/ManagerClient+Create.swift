public import Diagnostics
internal import IsolatedImage
internal import SICEABI

extension ManagerClient {
    /// Loads an image, seals it and attaches its windows, cleared. Returns the new environment's id.
    /// After an error nothing of it is left in the manager. Throws the image errors, `imageTooLarge` and
    /// `tooManyEnvironments`.
    public mutating func create(
        _ image: inout some ByteSource, name: String
    ) throws(ToolError) -> UInt32 {
        let header = try image.next(ImageLayout.headerSize)
        let plan = try ImagePlan(header, name)
        connection.write(header[...], at: AreaLayout.staging)
        let answer = try call(ManagerRegisters(.create, rcx: address(AreaLayout.staging)), name)
        let identifier = UInt32(truncatingIfNeeded: answer.rbx)
        clearExchange(identifier)
        do throws(ToolError) {
            try load(&image, plan, identifier, name)
            try seal(identifier)
            try attachWindows(plan, identifier)
        } catch {
            try? destroy(identifier)
            throw error
        }
        return identifier
    }

    /// Scrubs an environment and frees its pages and windows.
    public mutating func destroy(_ identifier: UInt32) throws(ToolError) {
        try repeatUntilDone(ManagerRegisters(.destroy, rcx: UInt64(identifier)), identifier)
        windows.release(identifier)
    }

    private func load(
        _ image: inout some ByteSource, _ plan: ImagePlan, _ identifier: UInt32, _ name: String
    ) throws(ToolError) {
        var remaining = plan.contentPages
        while remaining > 0 {
            let pages = min(remaining, ABI.maximumBatchPages)
            let bytes = try image.next(Int(pages * ABI.pageSize))
            guard bytes.count == Int(pages * ABI.pageSize) else { throw ToolError(.imageTruncated, name) }
            connection.write(bytes[...], at: AreaLayout.staging)
            let request = ManagerRegisters(
                .load, rcx: UInt64(identifier), rdx: address(AreaLayout.staging), rsi: pages)
            try call(request, name)
            remaining -= pages
        }
        guard try image.next(1).isEmpty else { throw ToolError(.imageOversized, name) }
    }

    private func seal(_ identifier: UInt32) throws(ToolError) {
        try repeatUntilDone(ManagerRegisters(.seal, rcx: UInt64(identifier)), identifier)
    }

    /// Sends a command that works in batches until nothing is left to do. The manager could claim forever that
    /// there is more; that it makes progress is what each answer must show.
    private func repeatUntilDone(_ request: ManagerRegisters, _ identifier: UInt32) throws(ToolError) {
        var left = UInt64.max
        while left > 0 {
            let answer = try call(request, "environment \(identifier)").rbx
            guard answer < left else { throw ToolError(.managerFault, "no progress") }
            left = answer
        }
    }

    private mutating func attachWindows(_ plan: ImagePlan, _ identifier: UInt32) throws(ToolError) {
        guard !plan.windowPages.isEmpty else { return }
        windows.keep(try environments().map(\.identifier))
        for (index, pages) in plan.windowPages.enumerated() {
            let window = try windows.allocate(
                Int(pages * ABI.pageSize), for: identifier, index: index, areaSize: connection.areaSize)
            // What another environment left in this memory is none of this one's business.
            connection.write([UInt8](repeating: 0, count: window.size)[...], at: window.offset)
            let request = ManagerRegisters(
                .attach, rcx: UInt64(identifier), rdx: UInt64(index), rsi: address(window.offset))
            try call(request, "window \(index)")
        }
    }
}

/// What the host needs to know of an image's header.
struct ImagePlan {
    var contentPages: UInt64 = 0
    var windowPages: [UInt64] = []

    /// Validates the header as the manager will, so that the message can name the file.
    init(_ bytes: [UInt8], _ name: String) throws(ToolError) {
        guard bytes.count == ImageLayout.headerSize else { throw ToolError(.imageTruncated, name) }
        do throws(ErrorCode) {
            let header = try ImageHeader(validating: bytes.span)
            contentPages = header.contentPages
            for index in 0..<header.windowCount { windowPages.append(header.window(index).pages) }
        } catch {
            throw ToolError(error, name)
        }
    }
}
