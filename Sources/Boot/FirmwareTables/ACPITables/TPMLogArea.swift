/// Where the TPM2 table says that the event log is (TCG ACPI Specification 1.4, §8: LAML, LASA).
public struct TPMLogArea: Equatable, Sendable {
    public let address: UInt64
    public let size: UInt32

    /// Reads the end of a TPM2 table of revision 4; nil when the table has no log area.
    public init?(_ table: ACPITable, _ memory: borrowing some ACPIMemory & ~Copyable) {
        guard table.length >= 76, let size = memory.load(table.address + 64, as: UInt32.self),
            let address = memory.load(table.address + 68, as: UInt64.self), size > 0, address > 0
        else { return nil }
        self.address = address
        self.size = size
    }
}
