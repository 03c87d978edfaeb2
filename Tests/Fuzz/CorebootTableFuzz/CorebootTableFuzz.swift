import ByteIO
import CorebootFormats
import SICEABI

/// Feeds any bytes, as records under a header with right checksums, to the reader of coreboot tables; writes the
/// table again with memory reserved, as the payload does, and reads that.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let body = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var table = [UInt8](repeating: 0, count: CorebootTable.headerSize) + body
    seal(&table)
    do throws(ErrorCode) {
        let parsed = try CorebootTable(table.span)
        var memory = parsed.memory
        try memory.reserve(base: 0x7B60_0000, size: 0x90_0000)
        var output = [UInt8](repeating: 0, count: table.count * 4 + 4096)
        let nothing = MovedAreas(gone: MemoryRange(base: 0, size: 0, type: MemoryType.reserved))
        let size = try CorebootTable.rewrite(
            table.span, memory: memory, moved: nothing, into: output.mutableSpan)
        let again = try CorebootTable(output.span.extracting(0..<size))
        precondition(again.rsdp == parsed.rsdp && again.bootMedia == parsed.bootMedia)
        precondition(again.forward == parsed.forward && again.eventLog == parsed.eventLog)
        let area = MemoryRange(base: 0x7B60_0000, size: 0x90_0000, type: MemoryType.ram)
        for index in 0..<memory.count where memory[index].type == MemoryType.ram {
            precondition(!memory[index].overlaps(area), "free RAM in reserved memory")
        }
    } catch {
        precondition([.bootNoCorebootTable, .bootNoMemory].contains(error), "an error of another chapter")
    }
    return 0
}

private func seal(_ table: inout [UInt8]) {
    var output = table.mutableSpan
    output.storeLittleEndian(UInt32(0x4F49_424C), at: 0)
    output.storeLittleEndian(UInt32(CorebootTable.headerSize), at: 4)
    output.storeLittleEndian(UInt32(output.count - CorebootTable.headerSize), at: 12)
    let body = internetChecksum(output.span.extracting(CorebootTable.headerSize..<output.count))
    output.storeLittleEndian(body, at: 16)
    let header = internetChecksum(output.span.extracting(0..<CorebootTable.headerSize))
    output.storeLittleEndian(header, at: 8)
}
