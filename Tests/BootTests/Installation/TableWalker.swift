/// An independent reading of four-level page tables: every leaf, with the rights of the whole walk.
struct Mapping: Equatable {
    var virtual: UInt64
    var physical: UInt64
    var size: UInt64
    var writable: Bool
    var executable: Bool
}

/// All mappings under `root`, neighbours with the same rights joined.
func mappings(under root: UInt64, in memory: SparseMemory) -> [Mapping] {
    var found: [Mapping] = []
    func walk(_ table: UInt64, level: Int, base: UInt64, writable: Bool, executable: Bool) {
        for index in 0..<UInt64(512) {
            let entry = memory.word(at: table + index * 8)
            guard entry & 1 == 1 else { continue }
            let virtual = base + index << UInt64(12 + 9 * (level - 1))
            let canWrite = writable && entry & 2 != 0
            let canExecute = executable && entry >> 63 == 0
            let address = entry & 0x000F_FFFF_FFFF_F000
            if level == 1 || entry & 0x80 != 0 {
                let size: UInt64 = level == 1 ? 4096 : 2 << 20
                found.append(
                    Mapping(
                        virtual: virtual, physical: address, size: size, writable: canWrite,
                        executable: canExecute))
            } else {
                walk(address, level: level - 1, base: virtual, writable: canWrite, executable: canExecute)
            }
        }
    }
    walk(root, level: 4, base: 0, writable: true, executable: true)
    return joined(found)
}

private func joined(_ mappings: [Mapping]) -> [Mapping] {
    var result: [Mapping] = []
    for next in mappings {
        guard let last = result.last, last.virtual + last.size == next.virtual,
            last.physical + last.size == next.physical, last.writable == next.writable,
            last.executable == next.executable
        else {
            result.append(next)
            continue
        }
        result[result.count - 1].size += next.size
    }
    return result
}
