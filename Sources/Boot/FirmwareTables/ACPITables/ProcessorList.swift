public import SICEABI

/// The processors that the MADT lists (ACPI 6.5 §5.2.12).
public enum ProcessorList {
    /// How many local APICs (types 0 and 9) are enabled. Throws `bootNoACPI` when an entry has no length.
    public static func count(
        _ table: ACPITable, _ memory: borrowing some ACPIMemory & ~Copyable
    ) throws(ErrorCode) -> Int {
        var enabled = 0
        var offset = 44
        while offset + 2 <= table.length {
            let entry = table.address + UInt64(offset)
            guard let type = memory.read(entry), let length = memory.read(entry + 1), length >= 2,
                offset + Int(length) <= table.length
            else { throw .bootNoACPI }
            let flags: UInt64? = type == 0 && length >= 8 ? 4 : type == 9 && length >= 16 ? 8 : nil
            if let flags, let bits = memory.load(entry + flags, as: UInt32.self), bits & 1 != 0 {
                enabled += 1
            }
            offset += Int(length)
        }
        return enabled
    }
}
