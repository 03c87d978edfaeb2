internal import CTunnel
public import WindowNetwork

/// A window that is mapped into this process.
@safe public struct MappedWindow: SharedMemory {
    private let start: UnsafeMutableRawPointer
    public let size: Int

    /// `size` bytes at `start` stay mapped as long as this is used; `start` is a multiple of 4.
    public init(unsafeStart start: UnsafeMutableRawPointer, size: Int) {
        unsafe self.start = start
        self.size = size
    }

    /// Maps a window of this machine's physical memory for good. Nil when the kernel refuses.
    public init?(address: UInt64, size: Int) {
        guard let start = unsafe sice_window_map(address, size) else { return nil }
        unsafe self.init(unsafeStart: start, size: size)
    }

    /// Makes memory that this process shares with those it forks. Nil when the kernel refuses.
    public init?(sharedSize size: Int) {
        guard let start = unsafe sice_shared_memory(size) else { return nil }
        unsafe self.init(unsafeStart: start, size: size)
    }

    /// The bytes of a packet's part. Traps outside of the window.
    func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && count >= 0 && offset <= size - count)
        return unsafe start + offset
    }

    public func load(_ offset: Int) -> UInt32 { unsafe sice_window_load(part(offset, 4)) }

    public func store(_ value: UInt32, at offset: Int) { unsafe sice_window_store(part(offset, 4), value) }

    public func fence() { sice_window_fence() }
}
