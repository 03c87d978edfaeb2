import Diagnostics
import Installation
import MemoryForge
import PagingAudit
import SICEABI

/// A machine's memory with any words changed in it, and any bytes as a manager's program. Whatever is there is judged in bounded
/// work, and what is found can be told.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ToolError) {
        guard input.first != 0x7F else {
            _ = try ManagerFile(input)
            return 0
        }
        let machine = changed(input[...])
        let audit = try PagingAudit(machine.memory, manager: machine.manager)
        precondition(audit.findings.count <= audit.findingCount)
        precondition(audit.text.last == "verdict: \(audit.findingCount == 0 ? "clean" : "violated")")
        precondition(audit.map.svg(findings: audit.findings).hasPrefix("<svg "))
    } catch {
        let code = error.code.rawValue
        precondition(code / 100 == 7 || code == 981 || code == 982, "an error of another chapter")
    }
    return 0
}

/// Each change is a place of three bytes, among the pages that are read, and a word of eight.
private func changed(_ input: ArraySlice<UInt8>) -> ForgedMachine {
    var machine = sample
    var input = input
    while input.count >= 11 {
        let place = input.prefix(3).reduce(0) { $0 << 8 | UInt64($1) }
        let word = input.dropFirst(3).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        input = input.dropFirst(11)
        let areas = [
            (machine.root, UInt64(24)), (machine.plan.tablesBase, 8), (machine.plan.metadataBase, 20),
            (machine.plan.poolBase, 64), (machine.controlBlock(ofSlot: 0), 4), (machine.place(0x5000), 1),
            (machine.permissionMap, 5), (machine.plan.base, 16),
        ]
        let (base, pages) = areas[Int(place >> 21)]
        machine.memory.storeWord(word, at: base + place % (1 << 21) * 8 % (pages << 12))
    }
    return machine
}

private let sample: ForgedMachine = {
    do { return try .sample() } catch { preconditionFailure("\(error)") }
}()
