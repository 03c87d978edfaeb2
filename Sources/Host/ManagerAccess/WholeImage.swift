public import Diagnostics
internal import SICEABI

/// An image that is there as a whole before the manager is asked for anything: who writes it into a pipe may take as long as he
/// likes, and must not keep others from their environments meanwhile.
public enum WholeImage {
    /// Reads as many bytes as the header names. Throws the header's errors, `imageTruncated`, `imageOversized`.
    public static func read(_ source: inout some ByteSource, name: String) throws(ToolError) -> [UInt8] {
        var bytes = try source.next(ImageLayout.headerSize)
        var remaining = try ImagePlan(bytes, name).contentPages
        while remaining > 0 {
            let pages = min(remaining, ABI.maximumBatchPages)
            let piece = try source.next(Int(pages * ABI.pageSize))
            guard piece.count == Int(pages * ABI.pageSize) else { throw ToolError(.imageTruncated, name) }
            bytes += piece
            remaining -= pages
        }
        guard try source.next(1).isEmpty else { throw ToolError(.imageOversized, name) }
        return bytes
    }
}
