import FirmwareTables
import SICEABI
import Testing

@Suite struct CommunicationTableTests {
    @Test func holdsWhatTheABISays() throws {
        var bytes = [UInt8](repeating: 0xEE, count: CommunicationArea.tableSize)
        var output = bytes.mutableSpan
        try CommunicationTable.write(base: 0x7B60_0000, size: CommunicationArea.size, into: &output)
        #expect(Array(bytes[..<4]) == Array("UEFI".utf8))
        #expect(bytes.reduce(0, &+) == 0)
        #expect(Array(bytes[4..<8]) == little(UInt64(bytes.count), 4))
        #expect(Array(bytes[36..<52]) == (0..<16).map { CommunicationArea.tableGUID[$0] })
        #expect(Array(bytes[52..<54]) == [54, 0])
        #expect(Array(bytes[54..<58]) == little(UInt64(ABI.version), 4))
        #expect(Array(bytes[58..<66]) == little(0x7B60_0000, 8))
        #expect(Array(bytes[66..<74]) == little(8 << 20, 8))
        #expect(Array(bytes[74...]) == [0xB2, 0, 0xC5, 0])
    }

    @Test func reject_outputWithoutRoom() {
        var bytes = [UInt8](repeating: 0, count: CommunicationArea.tableSize - 1)
        #expect(throws: ErrorCode.bootNoMemory) {
            var output = bytes.mutableSpan
            try CommunicationTable.write(base: 0, size: 0, into: &output)
        }
    }
}
