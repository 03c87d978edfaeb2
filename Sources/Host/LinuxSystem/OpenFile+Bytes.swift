public import SystemPackage

extension OpenFile {
    /// ``SystemPackage/FileDescriptor/writeWhole(_:)``
    public func writeWhole(_ bytes: [UInt8]) throws(Errno) {
        try use { file throws(Errno) in try file.writeWhole(bytes) }
    }

    /// One write; one of a part of the bytes is an error.
    public func writeOnce(_ bytes: Span<UInt8>) throws(Errno) {
        defer { withExtendedLifetime(self) {} }
        guard try descriptor.writeSome(bytes) == bytes.count else { throw .ioError }
    }

    /// Makes these its only bytes.
    public func replaceContents(_ bytes: [UInt8]) throws(Errno) {
        try use { file throws(Errno) in
            try typed {
                try file.resize(to: 0)
                try file.writeAll(toAbsoluteOffset: 0, bytes)
            }
        }
    }

    /// What one read gives; nothing at the end.
    public func readSome(_ limit: Int) throws(Errno) -> [UInt8] {
        try use { file throws(Errno) in try file.readSome(limit) }
    }

    /// What one read gives at a place of the file; nothing at the end.
    public func readSome(_ limit: Int, at offset: Int64) throws(Errno) -> [UInt8] {
        try use { file throws(Errno) in try file.readSome(limit, at: offset) }
    }

    /// ``SystemPackage/FileDescriptor/readWaiting(into:from:)``
    public func readWaiting(into buffer: inout [UInt8], from start: Int) throws(Errno) -> Int {
        try use { file throws(Errno) in try file.readWaiting(into: &buffer, from: start) }
    }

    /// ``SystemPackage/FileDescriptor/wait(for:milliseconds:)``
    public func wait(for events: FileEvents, milliseconds: Int32 = -1) throws(Errno) -> FileEvents {
        try use { file throws(Errno) in try file.wait(for: events, milliseconds: milliseconds) }
    }
}
