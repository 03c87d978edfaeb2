import FirmwareTables
import SICEABI

/// Runs any bytes as a table-loader script, and once more in a model that keeps each file apart: what the loader
/// accepts it must do exactly, and it must reach nothing but the files that it placed.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let script = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var loader = TableLoader(memory: Placement())
    var isAccepted = true
    do throws(ErrorCode) { try loader.run(script: script.span) } catch {
        precondition(error == .bootNoACPI, "an error of another chapter")
        isAccepted = false
    }
    let memory = loader.finish()
    let model = ScriptModel(script)
    precondition((model != nil) == isAccepted, "accepted by one alone")
    guard let model else { return 0 }
    precondition(model.files.count == memory.placed.count)
    for (file, range) in zip(model.files, memory.placed) {
        precondition(file.address == range.lowerBound)
        precondition(file.bytes == Array(memory.bytes[Int(range.lowerBound)..<Int(range.upperBound)]))
    }
    return 0
}

/// 64 KiB of memory, and a device with a file of every name that does not begin with NUL.
struct Placement: TableMemory {
    static let size: UInt64 = 0x1_0000

    var bytes = [UInt8](repeating: 0, count: Int(size))
    var placed: [Range<UInt64>] = []

    mutating func place(
        _ name: InlineArray<56, UInt8>, alignment: UInt32, zone: TableZone
    ) -> (address: UInt64, size: UInt32)? {
        let content = DeviceFile.content((0..<56).map { name[$0] })
        let address = Placement.address(behind: placed.last?.upperBound ?? 1, alignment: alignment)
        guard let content, address + UInt64(content.count) <= Placement.size else { return nil }
        let range = address..<(address + UInt64(content.count))
        bytes.replaceSubrange(Int(range.lowerBound)..<Int(range.upperBound), with: content)
        placed.append(range)
        return (address, UInt32(content.count))
    }

    static func address(behind end: UInt64, alignment: UInt32) -> UInt64 {
        (end + UInt64(alignment) - 1) / UInt64(alignment) * UInt64(alignment)
    }

    func read(at address: UInt64) -> UInt8 {
        precondition(placed.contains { $0.contains(address) }, "read outside of the files")
        return bytes[Int(address)]
    }

    mutating func write(_ byte: UInt8, at address: UInt64) {
        precondition(placed.contains { $0.contains(address) }, "written outside of the files")
        bytes[Int(address)] = byte
    }
}

/// Files of the device: the name makes the content.
enum DeviceFile {
    static func content(_ field: [UInt8]) -> [UInt8]? {
        let name = field.prefix { $0 != 0 }
        guard let first = name.first else { return nil }
        return (0..<Int(first) * 2).map { UInt8(truncatingIfNeeded: $0 &* name.count) }
    }
}
