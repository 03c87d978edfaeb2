internal import Glibc
public import SystemPackage

/// Memory that is mapped into this process, shared with whoever else has it. Whoever reads it must expect that it changes.
@safe public final class MappedMemory: @unchecked Sendable {
    private let start: UnsafeMutableRawPointer
    public let size: Int

    /// The machine's physical memory; its offsets are addresses.
    public static let device = "/dev/mem"

    /// Maps a part of a file, which is open to be read and written.
    public convenience init(_ file: OpenFile, offset: UInt64, size: Int) throws(Errno) {
        try self.init(file, MAP_SHARED, offset, size)
    }

    /// Memory that this process shares with those that it forks.
    public convenience init(sharedSize size: Int) throws(Errno) {
        try self.init(nil, MAP_SHARED | MAP_ANONYMOUS, 0, size)
    }

    private init(_ file: OpenFile?, _ flags: Int32, _ offset: UInt64, _ size: Int) throws(Errno) {
        defer { withExtendedLifetime(file) {} }
        let address = unsafe mmap(
            nil, size, PROT_READ | PROT_WRITE, flags, file?.descriptor.rawValue ?? -1, off_t(offset))
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw Errno(rawValue: errno)
        }
        unsafe start = address
        self.size = size
    }

    deinit { unsafe munmap(start, size) }

    /// The bytes of a part, as long as this is held. Traps outside of it.
    public func unsafePart(_ offset: Int, _ count: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && count >= 0 && offset <= size - count)
        return unsafe start + offset
    }

    /// Copies bytes out. Traps outside of the memory.
    public func read(_ count: Int, at offset: Int) -> [UInt8] {
        unsafe [UInt8](UnsafeRawBufferPointer(start: unsafePart(offset, count), count: count))
    }

    /// Copies bytes in. Traps outside of the memory.
    public func write(_ bytes: ArraySlice<UInt8>, at offset: Int) {
        let part = unsafe unsafePart(offset, bytes.count)
        unsafe UnsafeMutableRawBufferPointer(start: part, count: bytes.count).copyBytes(from: bytes)
    }
}
