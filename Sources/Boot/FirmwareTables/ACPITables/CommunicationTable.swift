internal import ByteIO
public import SICEABI

/// The table by which the legacy host finds the communication area (`CommunicationArea` in the ABI).
public enum CommunicationTable {
    /// Writes the table. Throws `bootNoMemory` when the output has no room.
    public static func write(
        base: UInt64, size: UInt64, into output: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard output.count >= CommunicationArea.tableSize else { throw .bootNoMemory }
        for index in 0..<CommunicationArea.tableSize { output[index] = 0 }
        writeHeader(&output)
        for index in 0..<16 {
            output[CommunicationArea.tableIdentifier + index] = CommunicationArea.tableGUID[index]
        }
        output.storeLittleEndian(
            UInt16(CommunicationArea.tableData), at: CommunicationArea.tableDataOffset)
        output.storeLittleEndian(ABI.version, at: CommunicationArea.dataVersion)
        output.storeLittleEndian(base, at: CommunicationArea.dataBase)
        output.storeLittleEndian(size, at: CommunicationArea.dataSize)
        output.storeLittleEndian(ABI.smiPort, at: CommunicationArea.dataPort)
        output[CommunicationArea.dataCommand] = ABI.smiCommandByte
        var sum: UInt8 = 0
        for index in 0..<CommunicationArea.tableSize { sum &+= output[index] }
        output[9] = 0 &- sum
    }

    /// The common header (ACPI 6.5 §5.2.6).
    private static func writeHeader(_ output: inout MutableSpan<UInt8>) {
        output.storeLittleEndian(ACPISignature.uefi, at: 0)
        output.storeLittleEndian(UInt32(CommunicationArea.tableSize), at: 4)
        output[8] = 1
        output.storeLittleEndian(UInt64(0x2020_4543_4953), at: 10)  // "SICE  ", 6 bytes
        output.storeLittleEndian(UInt64(0x4D4D_4F43_4543_4953), at: 16)  // "SICECOMM"
        output.storeLittleEndian(UInt32(1), at: 24)
        output.storeLittleEndian(UInt32(0x4543_4953), at: 28)  // "SICE"
        output.storeLittleEndian(UInt32(1), at: 32)
    }
}
