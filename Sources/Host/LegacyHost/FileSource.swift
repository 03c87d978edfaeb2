public import Diagnostics
public import ManagerAccess

/// A file, or standard input, read piece by piece.
public struct FileSource: ByteSource {
    private let file: OpenFile

    /// "-" is standard input; not by way of /dev/stdin, which a RAM disk need not have. Throws `fileMissing`.
    public init(_ path: String) throws(ToolError) {
        file = OpenFile(try InputFile(path))
    }

    public mutating func next(_ count: Int) throws(ToolError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = try file.input.read(into: &bytes)
        return got == count ? bytes : Array(bytes.prefix(got))
    }

    /// A home for something that cannot be copied.
    private final class OpenFile {
        let input: InputFile
        init(_ input: consuming InputFile) { self.input = input }
    }
}
