internal import COutput
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A file that goes when the program ends before it got its name.
struct TemporaryFile {
    let file: OpenFile
    let number: Int32

    /// Its own name, of which the other file's length cannot make too much, in the same folder.
    init(beside path: String, isPrivate: Bool) throws(Errno) {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        var (template, file) = (Array("\(folder).sice-XXXXXX".utf8CString), Int32(-1))
        let mode: UInt32 = isPrivate ? 0o600 : 0o666
        number = unsafe sice_temporary_file(&template, mode, &file)
        guard number >= 0 else { throw Errno(rawValue: errno) }
        self.file = OpenFile(FileDescriptor(rawValue: file))
    }
}

/// A folder for this user alone that goes, with the plain files in it, when nobody holds it any more or the program ends.
public final class TemporaryFolder {
    public let path: String
    private let number: Int32

    /// - Parameter prefix: its path, less what makes it unique. Throws `outputFailed`.
    public init(prefix: String) throws(ToolError) {
        var template = Array("\(prefix)XXXXXX".utf8CString)
        number = unsafe sice_temporary_folder(&template)
        guard number >= 0 else {
            throw ToolError(.outputFailed, "\(prefix): \(String(systemError: errno))")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { sice_remove_temporary(number) }
}
