import LZMA
import SICEABI

/// Expands any bytes into outputs of several sizes.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for size in [0, 1, 4096, 65_536] {
        var output = [UInt8](repeating: 0xEE, count: size)
        do throws(ErrorCode) {
            var span = output.mutableSpan
            let length = try LZMADecoder.expand(input.span, into: &span)
            precondition(length <= size)
            for index in length..<size { precondition(output[index] == 0xEE, "written beyond the length") }
        } catch {
            precondition(error == .bootPayloadDamaged, "an error of another chapter")
        }
    }
    return 0
}
