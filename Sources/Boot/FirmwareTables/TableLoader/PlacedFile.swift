/// Names as the script carries them: 56 bytes, NUL-padded.
enum FileName {
    static func read(_ command: Span<UInt8>, at offset: Int) -> InlineArray<56, UInt8> {
        var name = InlineArray<56, UInt8>(repeating: 0)
        for index in 0..<56 { name[index] = command[offset + index] }
        return name
    }
}

/// A file that the script placed in memory.
struct PlacedFile {
    var name = InlineArray<56, UInt8>(repeating: 0)
    var address: UInt64 = 0
    var size: UInt32 = 0

    /// Whether this file has the name in a command's field; bytes after the NUL do not count.
    func isNamed(inField command: Span<UInt8>, at offset: Int) -> Bool {
        for index in 0..<56 {
            if name[index] != command[offset + index] { return false }
            if name[index] == 0 { return true }
        }
        return true
    }

    /// Whether this file has this name (without NUL).
    func isNamed(_ other: Span<UInt8>) -> Bool {
        guard other.count < 56 else { return false }
        for index in 0..<other.count where name[index] != other[index] { return false }
        return name[other.count] == 0
    }
}
