internal import Synchronization

/// Boots that are still to be made, numbered in the order of their attacks; those who make them share it.
final class BootQueue: Sendable {
    private let left: Mutex<[(Int, [AttackRow])]>

    init(_ boots: [[AttackRow]]) { left = Mutex(Array(boots.enumerated()).map { ($0.offset, $0.element) }) }

    /// The next one's number and attacks; nil when there is none.
    func next() -> (Int, [AttackRow])? { left.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}
