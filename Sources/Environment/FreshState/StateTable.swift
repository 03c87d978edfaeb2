internal import ByteIO
internal import SICEABI
internal import SealedData

/// The vault's table, in the form in which it is sealed.
///
/// 3,904 bytes, little-endian: magic; number of rows (u32), zeros (u32); number of the commit (u64), zeros (u64); the head of
/// the history before this commit (32 bytes); 48 rows of 80 bytes: kind (u32), product (u32), 32 bytes of ``StateKey``,
/// counter (u64), register (32 bytes). Rows that are not used are zeros.
public struct StateTable: Equatable, Sendable {
    public static let size = 3904
    /// Rows that there is room for.
    public static let capacity = 48
    private static let rowSize = 80
    /// ASCII "SICESTA1".
    private static let magic: UInt64 = 0x3141_5453_4543_4953

    private enum Place {
        static let count = 8, reserved = 12, commit = 16, reserved2 = 24, previous = 32, rows = 64
        static let product = 4, digest = 8, counter = 40, value = 48
    }

    var bytes: InlineArray<3904, UInt8>

    /// Of a machine on which nothing was ever committed.
    init() {
        bytes = .init(repeating: 0)
        store(Self.magic, at: 0)
    }

    /// As it was sealed. Throws `sealedDataMalformed` for what no vault of this format wrote.
    init(_ bytes: InlineArray<3904, UInt8>) throws(ErrorCode) {
        self.bytes = bytes
        guard load(at: 0, as: UInt64.self) == Self.magic, load(at: Place.reserved, as: UInt32.self) == 0,
            load(at: Place.reserved2, as: UInt64.self) == 0,
            load(at: Place.count, as: UInt32.self) <= UInt32(Self.capacity)
        else { throw .sealedDataMalformed }
        for row in 0..<Self.capacity {
            guard row < count ? isSound(row) : isUnused(row) else { throw .sealedDataMalformed }
        }
    }

    public static func == (left: StateTable, right: StateTable) -> Bool {
        left.bytes.isEqual(to: right.bytes)
    }

    /// Rows in use.
    public var count: Int { Int(load(at: Place.count, as: UInt32.self)) }

    /// The number of the commit that wrote it; 0 before the first.
    public var commit: UInt64 { load(at: Place.commit, as: UInt64.self) }

    /// Head of the history that it goes on from.
    var previous: InlineArray<32, UInt8> { digest(at: Place.previous) }

    /// The table that follows `head`.
    mutating func follow(_ head: InlineArray<32, UInt8>) {
        store(commit &+ 1, at: Place.commit)
        store(head, at: Place.previous)
    }

    func register(of key: StateKey) -> StateRegister {
        guard let row = row(of: key) else { return .none }
        let start = Self.start(row)
        return StateRegister(
            counter: load(at: start + Place.counter, as: UInt64.self), value: digest(at: start + Place.value))
    }

    /// Throws `stateTableFull` when the key is new and there is no room.
    mutating func set(_ value: InlineArray<32, UInt8>, of key: StateKey) throws(ErrorCode) {
        let row = row(of: key) ?? count
        guard row < Self.capacity else { throw .stateTableFull }
        if row == count { store(UInt32(truncatingIfNeeded: row &+ 1), at: Place.count) }
        let start = Self.start(row)
        store(key.kind, at: start)
        store(key.product, at: start + Place.product)
        store(key.digest, at: start + Place.digest)
        // The next commit's number: no environment has seen it, whatever was forgotten meanwhile.
        store(commit &+ 1, at: start + Place.counter)
        store(value, at: start + Place.value)
    }

    /// Its place is free, and old blobs of its environment are dead: were its register to come again, its counter would not.
    /// Whether there was one.
    mutating func forget(_ key: StateKey) -> Bool {
        guard let row = row(of: key) else { return false }
        let (gap, last) = (Self.start(row), Self.start(count - 1))
        for position in 0..<Self.rowSize {
            bytes[gap + position] = bytes[last + position]
            bytes[last + position] = 0
        }
        store(UInt32(truncatingIfNeeded: count &- 1), at: Place.count)
        return true
    }
}

extension StateTable {
    private static func start(_ row: Int) -> Int { Place.rows + row * rowSize }

    private func row(of key: StateKey) -> Int? {
        (0..<count).first { self.key($0) == key }
    }

    private func key(_ row: Int) -> StateKey {
        let start = Self.start(row)
        return StateKey(
            kind: load(at: start, as: UInt32.self), product: load(at: start + Place.product, as: UInt32.self),
            digest: digest(at: start + Place.digest))
    }

    private func isSound(_ row: Int) -> Bool {
        let key = key(row)
        guard key.isKnown else { return false }
        let counter = load(at: Self.start(row) + Place.counter, as: UInt64.self)
        // One state for one key, from a commit that there was.
        return self.row(of: key) == row && counter > 0 && counter <= commit
    }

    private func isUnused(_ row: Int) -> Bool {
        bytes.span.extracting(Self.start(row)..<(Self.start(row) + Self.rowSize)).isAllZero
    }

    private func load<T: FixedWidthInteger & UnsignedInteger>(at place: Int, as type: T.Type) -> T {
        bytes.span.littleEndian(at: place, as: type)
    }

    private func digest(at place: Int) -> InlineArray<32, UInt8> { InlineArray { bytes[place + $0] } }

    private mutating func store<T: FixedWidthInteger & UnsignedInteger>(_ value: T, at place: Int) {
        var span = bytes.mutableSpan
        span.storeLittleEndian(value, at: place)
    }

    private mutating func store(_ value: InlineArray<32, UInt8>, at place: Int) {
        for position in 0..<32 { bytes[place + position] = value[position] }
    }
}
