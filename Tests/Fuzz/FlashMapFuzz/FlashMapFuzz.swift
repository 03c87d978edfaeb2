import CorebootFormats
import Diagnostics
import Reference
import SICEABI

/// Feeds any bytes to the reader of flash maps, as the stand-in ROM does, and to the verifier's search for a ROM's
/// parts. An area that is found must be the first entry of that name and lie inside the flash.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for name in ["COREBOOT", "FMAP", "", "0123456789ABCDEF0123456789ABCDE"] {
        let expected = Entry.first(named: Array(name.utf8), in: input)
        precondition(contains(name, input) == (expected != nil))
        let isInside = expected.map { UInt64($0.offset) + UInt64($0.size) <= $0.flashSize } ?? false
        let found = find(name, input)
        precondition((found != nil) == isInside)
        if let found, let expected {
            precondition(found.offset == expected.offset && found.size == expected.size)
        }
    }
    readROM(input)
    return 0
}

private func find(_ name: String, _ input: [UInt8]) -> FlashMap.Area? {
    do throws(ErrorCode) { return try FlashMap.find(Array(name.utf8).span, in: input.span) } catch {
        precondition(error == .bootBadCBFS, "an error of another chapter")
        return nil
    }
}

private func contains(_ name: String, _ input: [UInt8]) -> Bool {
    do throws(ErrorCode) { return try FlashMap.contains(Array(name.utf8).span, in: input.span) } catch {
        precondition(error == .bootBadCBFS, "an error of another chapter")
        return false
    }
}

private func readROM(_ input: [UInt8]) {
    do throws(ToolError) {
        let rom = try ROM(input, path: "rom")
        for file in try rom.files() { precondition(file.content.upperBound <= input.count) }
    } catch {
        precondition(romErrors.contains(error.code), "an error of another chapter")
    }
}

private let romErrors: [ErrorCode] = [
    .romNoFlashMap, .romTruncated, .romOversized, .romAreaOutside, .romNoFileSystem, .romFileSystemDamaged,
]

/// An entry, found in the plainest way (flashmap 1.1).
private struct Entry {
    let offset: UInt64
    let size: UInt64
    let flashSize: UInt64

    static func first(named name: [UInt8], in input: [UInt8]) -> Entry? {
        guard input.count >= 56, Array(input[..<8]) == Array("__FMAP__".utf8) else { return nil }
        let count = Int(number(input[54..<56]))
        guard input.count >= 56 + count * 42 else { return nil }
        for index in 0..<count {
            let entry = Array(input[(56 + index * 42)..<(98 + index * 42)])
            guard Array(entry[8...].prefix(name.count + 1)) == name + [0] else { continue }
            return Entry(
                offset: number(entry[0..<4]), size: number(entry[4..<8]), flashSize: number(input[18..<22]))
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
