/// Bytes in order, at most a fixed number of them: what one side does not take, the other cannot pile up.
struct ByteQueue: Sendable {
    private var bytes: [UInt8]
    private var first = 0
    private(set) var count = 0

    /// - Parameter capacity: at least 1.
    init(capacity: Int) { bytes = [UInt8](repeating: 0, count: max(capacity, 1)) }

    var capacity: Int { bytes.count }
    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count == bytes.count }

    /// Appends a byte; a full queue stays as it is and returns false.
    mutating func append(_ byte: UInt8) -> Bool {
        guard !isFull else { return false }
        bytes[(first + count) % bytes.count] = byte
        count += 1
        return true
    }

    mutating func removeFirst() -> UInt8? {
        guard !isEmpty else { return nil }
        defer {
            first = (first + 1) % bytes.count
            count -= 1
        }
        return bytes[first]
    }

    mutating func removeAll() { (first, count) = (0, 0) }
}
