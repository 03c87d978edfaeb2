import IsolatedImage
import SICEABI

/// Feeds any bytes to the header parser. What it accepts must keep the promises that the manager relies on.
///
/// Short inputs are spread over a page, so that the fuzzer need not find 4096 bytes first: the input is the start
/// of the page, and the rest is zero.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    check(input)
    if count < ImageLayout.headerSize {
        check(input + [UInt8](repeating: 0, count: ImageLayout.headerSize - count))
    }
    return 0
}

private func check(_ bytes: [UInt8]) {
    do throws(ErrorCode) {
        let header = try ImageHeader(validating: bytes.span)
        var end = ImageLayout.addressFloor
        for index in 0..<header.regionCount {
            let region = header.region(index)
            precondition(region.address >= end && region.end > region.address)
            precondition(!(region.isWritable && region.isExecutable))
            end = region.end
        }
        precondition(end <= ImageLayout.addressLimit)
        for index in 0..<header.windowCount { precondition(!header.window(index).isExecutable) }
    } catch {
        precondition(error.rawValue / 100 == 3, "an error of another chapter")
    }
}
