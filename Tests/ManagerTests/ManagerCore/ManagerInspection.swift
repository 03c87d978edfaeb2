import GuestPolicy
import SICEABI

@testable import ManagerCore

/// What tests look at and no command shows.
extension Manager {
    var logHeadBytes: [UInt8] { log.head.indices.map { log.head[$0] } }
    var logCount: Int { Int(log.count) }
    var bootBytes: [UInt8] { bootIdentifier.indices.map { bootIdentifier[$0] } }

    mutating func debugAddress(ofSlot slot: Int) -> DebugShadow.Outcome {
        environments[slot].debug.access(0, writing: nil, hasExtensions: false)
    }

    mutating func workloadWords(ofSlot slot: Int) -> [UInt64] {
        var words: [UInt64] = []
        for index in 0..<8 { words.append(environments[slot].workloadData[index]) }
        return words
    }
}

extension SlotTable where Element: ~Copyable {
    subscript(slot: Int) -> Element {
        mutating _read { yield self[Slot(UInt64(slot))!] }
        _modify { yield &self[Slot(UInt64(slot))!] }
    }
}
