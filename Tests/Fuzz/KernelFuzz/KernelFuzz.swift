import LinuxBoot
import SICEABI

/// Reads any bytes as a Linux kernel and writes the boot parameters of what is accepted.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        let image = try KernelImage(input.span)
        precondition(image.kernel.count == image.size && image.size < count)
        var page = [UInt8](repeating: 0, count: BootParameters.size)
        var span = page.mutableSpan
        var parameters = BootParameters()
        parameters.memoryEnd = 1 << 30
        parameters.store(for: image, into: &span)
        precondition(page[0x1E8] == 3, "the header reached beyond its place")
    } catch {
        precondition((712...714).contains(error.rawValue), "an error of another chapter")
    }
    return 0
}
