public import SICEABI

extension ACPIRoot {
    /// Makes this root unfindable: its tables are about to vanish, and an operating system takes the first root
    /// that it finds. Throws `bootNoACPI` when the memory cannot be written.
    public func erase(_ memory: inout some ACPIMemory & ~Copyable) throws(ErrorCode) {
        guard memory.store(UInt64(0), at: pointer) else { throw .bootNoACPI }
    }

    /// Copies the root pointer itself to another address and returns the copy; both name the same tables.
    /// Throws `bootNoACPI` when the memory cannot be written.
    public func copy(
        to address: UInt64, _ memory: inout some ACPIMemory & ~Copyable
    ) throws(ErrorCode) -> ACPIRoot {
        let size = revision >= 2 ? RSDP.longSize : RSDP.shortSize
        for index in 0..<UInt64(size) {
            guard let byte = memory.read(pointer + index), memory.write(byte, at: address + index) else {
                throw .bootNoACPI
            }
        }
        return try ACPIRoot(at: address, memory)
    }
}
