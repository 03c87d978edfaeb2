public import SystemPackage

extension FileDescriptor {
    /// One write, that of a part of the bytes perhaps; gives how many.
    public func writeSome(_ bytes: Span<UInt8>) throws(Errno) -> Int {
        do { return try unsafe bytes.withUnsafeBytes { unsafe try write($0) } } catch {
            throw (error as? Errno) ?? .ioError
        }
    }

    /// One read, into `buffer` from `start` on; gives how many bytes, 0 at the end.
    public func readSome(
        into buffer: inout [UInt8], from start: Int = 0, retryOnInterrupt: Bool = true
    ) throws(Errno) -> Int {
        do {
            return try unsafe buffer.withUnsafeMutableBytes { bytes in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return unsafe try read(into: rest, retryOnInterrupt: retryOnInterrupt)
            }
        } catch { throw (error as? Errno) ?? .ioError }
    }

    /// What one read gives; nothing at the end.
    public func readSome(_ limit: Int, retryOnInterrupt: Bool = true) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = try readSome(into: &bytes, retryOnInterrupt: retryOnInterrupt)
        return Array(bytes.prefix(count))
    }

    /// What one read gives at a place of the file; nothing at the end.
    public func readSome(_ limit: Int, at offset: Int64) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        do {
            let count = try unsafe bytes.withUnsafeMutableBytes {
                unsafe try read(fromAbsoluteOffset: offset, into: $0)
            }
            return Array(bytes.prefix(count))
        } catch { throw (error as? Errno) ?? .ioError }
    }

    /// Writes all bytes. A terminal or a pipe is shared with programs that may have set it to not waiting; then this waits.
    ///
    /// Not swift-system's `writeAll`, which does not tell at such an error how many bytes were written before it.
    public func writeWhole(_ bytes: [UInt8]) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            do throws(Errno) {
                let count = try writeSome(bytes.span.extracting(droppingFirst: sent))
                guard count > 0 else { throw .ioError }
                sent += count
            } catch { try waitAfter(error, for: .output) }
        }
    }

    /// Fills a part of `buffer`, from `start` on, and waits for that. Gives how many bytes, 0 at the end.
    public func readWaiting(into buffer: inout [UInt8], from start: Int) throws(Errno) -> Int {
        while true {
            do throws(Errno) { return try readSome(into: &buffer, from: start) } catch {
                try waitAfter(error, for: .input)
            }
        }
    }

    /// Waits until another try is worth it; throws the error when none is.
    private func waitAfter(_ error: Errno, for events: FileEvents) throws(Errno) {
        guard error == .resourceTemporarilyUnavailable else { throw error }
        do throws(Errno) { _ = try wait(for: events) } catch {
            guard error == .interrupted else { throw error }
        }
    }
}
