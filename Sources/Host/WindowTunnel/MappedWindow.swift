internal import CTunnel
public import LinuxSystem
public import WindowNetwork

/// A window that is mapped into this process.
public struct MappedWindow: SharedMemory {
    private let memory: MappedMemory
    private let start: Int
    public let size: Int

    /// A part of mapped memory; `start` is a multiple of 4. Traps outside of it.
    public init(_ memory: MappedMemory, at start: Int, size: Int) {
        precondition(start >= 0 && start % 4 == 0 && size >= 0 && size <= memory.size - start)
        self.memory = memory
        self.start = start
        self.size = size
    }

    /// The bytes of a packet's part. Traps outside of the window.
    func part(_ offset: Int, _ count: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && count >= 0 && offset <= size - count)
        return unsafe memory.unsafePart(start + offset, count)
    }

    public func load(_ offset: Int) -> UInt32 { unsafe sice_window_load(part(offset, 4)) }

    public func store(_ value: UInt32, at offset: Int) { unsafe sice_window_store(part(offset, 4), value) }

    public func fence() { sice_window_fence() }
}
