internal import CorebootFormats
public import Diagnostics
internal import OpenSSLCrypto
internal import SICEABI

extension ROM {
    /// A file of the CBFS.
    public struct File: Equatable, Sendable {
        public let name: String
        public let type: UInt32
        public let size: Int
        /// SHA-256 of the content as stored, which is what gets measured.
        public let digest: [UInt8]
        /// Where the content lies in the flash.
        public let content: Range<Int>
        /// Whether the file carries a digest of its own (attribute "Hash").
        public let hasDigestAttribute: Bool
    }

    /// All files, in the order of the flash. Throws `romFileSystemDamaged`, `romNoFileSystem` if there is none.
    public func files() throws(ToolError) -> [File] {
        let files = try entries().filter { $0.type != CBFSType.empty && $0.type != CBFSType.deleted }
        guard !files.isEmpty else { throw ToolError(.romNoFileSystem, "\(path): no files") }
        return files.map(file)
    }

    /// Sizes of the empty spaces. Throws `romFileSystemDamaged`.
    public func emptySpaces() throws(ToolError) -> [Int] {
        try entries().filter { $0.type == CBFSType.empty }.map(\.dataSize)
    }

    /// Content of a file as stored; nil when there is no such file. Throws `romFileSystemDamaged`.
    public func content(of name: String) throws(ToolError) -> [UInt8]? {
        try files().first { $0.name == name }.map { Array(bytes[$0.content]) }
    }

    /// Content of a file as the payload would load it at boot; nil when there is no such file. Throws
    /// `romFileSystemDamaged`, and `bootBadCBFS` for what the payload refuses.
    public func bootFile(_ name: String) throws(ToolError) -> [UInt8]? {
        guard let file = try files().first(where: { $0.name == name }),
            let entry = try entries().first(where: {
                fileSystem.lowerBound + $0.dataOffset == file.content.lowerBound
            })
        else { return nil }
        do throws(ErrorCode) {
            try entry.requireUsable(limit: BootMemory.fileLimit)
            let digest = InlineArray<32, UInt8> { file.digest[$0] }
            try entry.requireDigest(digest, in: bytes.span.extracting(fileSystem))
        } catch { throw ToolError(error, "\(path): \(name)") }
        return Array(bytes[file.content])
    }

    /// Digest of a file's content as stored; nil when there is no such file. Throws `romFileSystemDamaged`.
    public func digest(of name: String) throws(ToolError) -> [UInt8]? {
        try files().first { $0.name == name }?.digest
    }

    /// Digest of a file that must be there. Throws `romFileMissing`.
    func requiredDigest(of name: String) throws(ToolError) -> [UInt8] {
        guard let digest = try digest(of: name) else { throw ToolError(.romFileMissing, "\(path): \(name)") }
        return digest
    }

    /// Every entry, deleted files and empty spaces included.
    private func entries() throws(ToolError) -> [CBFSFile] {
        var entries: [CBFSFile] = []
        var end = 0
        do throws(ErrorCode) {
            var walker = CBFSWalker(bytes.span.extracting(fileSystem))
            while let entry = try walker.nextEntry() {
                entries.append(entry)
                end = entry.dataOffset + entry.dataSize
            }
        } catch {
            let offset = fileSystem.lowerBound + end
            throw ToolError(.romFileSystemDamaged, "\(path): behind offset 0x\(String(offset, radix: 16))")
        }
        return entries
    }

    private func file(_ entry: CBFSFile) -> File {
        let start = fileSystem.lowerBound
        let name = bytes[(start + entry.nameOffset)...].prefix(entry.nameLength)
        let content = (start + entry.dataOffset)..<(start + entry.dataOffset + entry.dataSize)
        return File(
            name: String(decoding: name, as: UTF8.self), type: entry.type, size: entry.dataSize,
            digest: SHA256.hash(Array(bytes[content])), content: content,
            hasDigestAttribute: entry.digestOffset != nil)
    }
}
