import Diagnostics
import ImageBuilder
import SICEABI

/// Feeds any bytes to the ELF reader, for both purposes, and lays out what it accepts. An image that comes out is one that the manager's
/// own validation accepts, since the builder ends with it.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ToolError) {
        let image = try ImagePlan(ELFProgram(input), manifest).imageFile()
        precondition(image.count % Int(ABI.pageSize) == 0)
    } catch {
        precondition([3, 7].contains(error.code.rawValue / 100), "an error of another chapter")
    }
    do throws(ToolError) {
        for segment in try ELFProgram(input, for: .payload).segments {
            precondition(UInt64(segment.content.count) <= segment.memorySize)
            precondition(segment.address + segment.memorySize <= 1 << 32)
        }
    } catch {
        precondition(error.code.rawValue / 100 == 7, "an error of another chapter")
    }
    return 0
}

private let manifest: Manifest = {
    let text = #"{"schema": "sice.manifest/1", "name": "a", "program": "a"}"#
    do { return try Manifest(Array(text.utf8), path: "manifest") } catch { preconditionFailure("\(error)") }
}()
