import CorebootFormats
import LZMA
import LinuxBoot
import SICEABI

/// Feeds any bytes to the reader of payloads and plans their start on the memory of a small machine. Whatever is
/// accepted must read inside the file and write into free RAM alone; a kernel gets the machine's memory map.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        let payload = try SELFPayload(input.span)
        for index in 0..<payload.count { check(payload[index], fileSize: count) }
        var parameters = [UInt8](repeating: 0xEE, count: LinuxPayload.parametersLimit)
        var span = parameters.mutableSpan
        let plan = try StartPlan(input.span, memory: machine(), firmware: firmware, parameters: &span)
        let occupied = OccupiedMemory(firmware: firmware, smram: smram, hidden: hidden)
        let conflict = try plan.conflict(memory: machine(), occupied: occupied)
        do throws(ErrorCode) { try plan.validate(memory: machine(), occupied: occupied) } catch {
            precondition(error == conflict?.code ?? .bootBadPayload, "another reason")
            throw error
        }
        precondition(conflict == nil, "started in spite of a conflict")
        checkPlan(plan.payload)
        for index in 0..<plan.payload.count { expand(plan.payload[index], input) }
        try checkKernel(plan, parameters)
    } catch { precondition(errors.contains(error), "an error of another chapter") }
    return 0
}

private let errors: [ErrorCode] = [
    .bootBadPayload, .bootPayloadCompressed, .bootPayloadInSMRAM, .bootPayloadOverlapsFirmware,
    .bootPayloadOutsideRAM, .bootPayloadInHiddenMemory, .bootPayloadDamaged, .bootNoRoomForInitrd,
]
private let hidden = MemoryRange(base: 0x3_0000, size: 0x2_0000, type: MemoryType.reserved)
private let firmware = MemoryRange(base: 0x300_0000, size: 0x200_0000, type: MemoryType.ram)
private let smram = MemoryRange(base: 0x7C00_0000, size: 0x400_0000, type: MemoryType.reserved)
private let ram = [
    MemoryRange(base: 0x1000, size: 0x9_F000, type: MemoryType.ram),
    MemoryRange(base: 0x10_0000, size: 0x100_0000, type: MemoryType.ram),
    MemoryRange(base: 0x110_0000, size: 0x7AE0_0000, type: MemoryType.ram),
]
/// RAM under the legacy ROM area, where a BIOS belongs.
private let shadow = MemoryRange(base: 0xC_0000, size: 0x4_0000, type: MemoryType.reserved)

private func machine() throws(ErrorCode) -> MemoryMap {
    var memory = MemoryMap()
    for range in ram + [shadow, smram] { try memory.append(range) }
    return memory
}

private func check(_ segment: SELFSegment, fileSize: Int) {
    precondition(segment.memorySize > 0)
    precondition(segment.fileOffset >= 0 && segment.fileSize >= 0)
    precondition(segment.fileOffset + segment.fileSize <= fileSize)
    precondition(segment.isCompressed || UInt64(segment.fileSize) <= segment.memorySize)
}

private func checkPlan(_ payload: SELFPayload) {
    var ranges: [ClosedRange<UInt64>] = []
    var hasEntry = false
    for index in 0..<payload.count {
        let segment = payload[index]
        let range = segment.loadAddress...(segment.loadAddress + segment.memorySize - 1)
        for other in [firmware, smram, hidden] { precondition(!range.overlaps(other.bytes)) }
        // The second and third ranges of RAM touch: a segment may cross from one into the other.
        let free = [ram[0].bytes, ram[1].bytes.lowerBound...ram[2].bytes.upperBound, shadow.bytes]
        precondition(free.contains { $0.contains(range.lowerBound) && $0.contains(range.upperBound) })
        precondition(!ranges.contains { $0.overlaps(range) }, "two segments in one place")
        ranges.append(range)
        hasEntry = hasEntry || range.contains(payload.entry)
    }
    precondition(hasEntry, "the entry lies in no segment")
}

/// The kernel is entered where it is loaded, and its memory map is the machine's.
private func checkKernel(_ plan: StartPlan, _ parameters: [UInt8]) throws(ErrorCode) {
    guard let linux = plan.linux else { return }
    var isEntry = false
    for index in 0..<plan.payload.count where plan.payload[index].loadAddress == plan.payload.entry {
        isEntry = true
    }
    precondition(isEntry)
    var page = [UInt8](repeating: 0, count: 4096)
    var output = page.mutableSpan
    try linux.storeParameters(
        parameters.span, memory: machine(), rootPointer: nil, framebuffer: nil, into: &output)
    precondition(page[0x1E8] == 5 && page[0x2D0 + 16] == 1 && page[0x2D0 + 4 * 20 + 16] == 2)
    precondition(page[0x210] == parameters[0x210] && page[0x210] != 0)
}

/// As the payload does, where the memory is not too large for this.
private func expand(_ segment: SELFSegment, _ file: [UInt8]) {
    guard segment.isCompressed, segment.memorySize <= 1 << 20 else { return }
    var memory = [UInt8](repeating: 0, count: Int(segment.memorySize))
    let content = file.span.extracting(segment.fileOffset..<(segment.fileOffset + segment.fileSize))
    do throws(ErrorCode) {
        var output = memory.mutableSpan
        let size = try LZMADecoder.expand(content, into: &output)
        precondition(size <= memory.count)
    } catch { precondition(error == .bootPayloadDamaged, "an error of another chapter") }
}

extension MemoryRange {
    fileprivate var bytes: ClosedRange<UInt64> { base...(end - 1) }
}
