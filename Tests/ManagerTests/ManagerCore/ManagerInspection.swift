import GuestPolicy
import SICEABI

@testable import ManagerCore

/// What tests look at and no command shows.
extension Manager {
    var logHeadBytes: [UInt8] { log.head.indices.map { log.head[$0] } }
    var bootBytes: [UInt8] { bootIdentifier.indices.map { bootIdentifier[$0] } }

    mutating func debugAddress(ofSlot slot: Int) -> DebugShadow.Outcome {
        environments[slot].debug.access(0, writing: nil, hasExtensions: false)
    }

    func workloadWords(ofSlot slot: Int) -> [UInt64] {
        (0..<8).map { environments[slot].workloadData[$0] }
    }
}
