import GuestPolicy

/// Reads a guest's instructions through the guest's own page tables (AMD64 APM volume 2, §5.3.3).
///
/// Everything that is looked at, tables and code, lies in pages that the environment owns: no entry of a guest leads to
/// another environment, to the host's windows, or anywhere else. What is read decides about the guest alone.
struct GuestCode {
    /// The nested tables that say where guest-physical addresses are.
    let nestedRoot: PoolPage
    /// The environment, as the pool's metadata names it.
    let owner: UInt8

    private enum Entry {
        static let present: UInt64 = 1 << 0
        /// A leaf of 1 GiB or 2 MiB.
        static let large: UInt64 = 1 << 7
        static let addressMask: UInt64 = 0x000F_FFFF_FFFF_F000
    }

    /// Copies the bytes from the instruction pointer on, as many as an instruction may have, and gives how many are there:
    /// none for a guest that runs no 64-bit code.
    func fetch(
        _ execution: GuestExecution, into bytes: inout MutableSpan<UInt8>, pool: borrowing PagePool,
        machine: borrowing some PoolMachine & ~Copyable
    ) -> Int {
        guard execution.is64Bit else { return 0 }
        let wanted = min(bytes.count, DebugRegisterMove.maximumLength)
        var count = 0
        // At most two pages.
        while count < wanted {
            let address = execution.rip &+ UInt64(truncatingIfNeeded: count)
            guard
                let physical = translate(address, root: execution.cr3, pool: pool, machine: machine),
                let page = page(at: physical, pool: pool, machine: machine)
            else { return count }
            let source = machine.bytes(of: page)
            var offset = Int(truncatingIfNeeded: address & 0xFFF)
            while offset < source.count, count < wanted {
                bytes[count] = source[offset]
                offset &+= 1
                count &+= 1
            }
        }
        return count
    }

    private func page(
        at address: UInt64, pool: borrowing PagePool, machine: borrowing some PoolMachine & ~Copyable
    ) -> PoolPage? {
        NestedPageTable.ownPage(
            at: address, root: nestedRoot, owner: owner, pool: pool, machine: machine)
    }

    /// The guest-physical address of a virtual one; nil when it is not canonical or not mapped.
    private func translate(
        _ address: UInt64, root: UInt64, pool: borrowing PagePool,
        machine: borrowing some PoolMachine & ~Copyable
    ) -> UInt64? {
        let sign = Int64(bitPattern: address) >> 47
        guard sign == 0 || sign == -1 else { return nil }
        var table = root & Entry.addressMask
        for level in 0..<4 {
            guard let page = page(at: table, pool: pool, machine: machine) else { return nil }
            let entry = machine.word(NestedPageTable.index(of: address, level: level), of: page)
            guard entry & Entry.present != 0 else { return nil }
            let target = entry & Entry.addressMask
            let within = (UInt64(1) << UInt64(truncatingIfNeeded: 39 &- 9 &* level)) &- 1
            if level == 3 || level > 0 && entry & Entry.large != 0 {
                return target & ~within | address & within
            }
            table = target
        }
        return nil
    }
}
