import CorebootFormats
import Diagnostics
import Reference
import SICEABI

/// Feeds any bytes to the walk over a CBFS, as the payload does, and to the whole ROM reader of the verifier.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    walk(input)
    do throws(ToolError) {
        _ = try ReferenceValues(ROM(input, path: "rom"), smramSize: 64 << 20, images: [])
    } catch {
        precondition(romErrors.contains(error.code), "an error of another chapter")
    }
    return 0
}

private let romErrors: [ErrorCode] = [
    .romNoFlashMap, .romTruncated, .romOversized, .romAreaOutside, .romNoFileSystem, .romFileSystemDamaged,
    .romFileMissing,
]

private func walk(_ image: [UInt8]) {
    do throws(ErrorCode) {
        var walker = CBFSWalker(image.span)
        var end = 0
        while let file = try walker.next() {
            precondition(file.headerOffset >= end && file.dataOffset > file.headerOffset)
            precondition(file.nameOffset + file.nameLength <= file.dataOffset)
            end = file.dataOffset + file.dataSize
            precondition(end <= image.count)
            _ = try? SELFPayload(image.span.extracting(file.dataOffset..<end))
        }
    } catch { precondition(error == .bootBadCBFS, "an error of another chapter") }
}
