import Diagnostics
import ImageBuilder
import SICEABI

/// Feeds any bytes to the manifest parser (and the JSON parser below it). What it accepts is in range.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ToolError) {
        let manifest = try Manifest(input, path: "manifest")
        precondition((1...31).contains(manifest.name.utf8.count))
        precondition(manifest.stackSize > 0 && manifest.stackSize % ABI.pageSize == 0)
        precondition(manifest.windows.count <= ImageLayout.maximumWindows)
        for window in manifest.windows {
            precondition(window.size > 0 && window.size / ABI.pageSize <= ImageLayout.maximumWindowPages)
            precondition(
                window.address >= ImageLayout.addressFloor && window.address < ImageLayout.addressLimit)
        }
    } catch {
        precondition((707...710).contains(error.code.rawValue), "an error of another chapter")
    }
    return 0
}
