internal import ByteIO

/// Reads CBOR (RFC 8949) in its core deterministic encoding (4.2.1) and nothing else: shortest arguments, definite
/// lengths, map keys sorted and unique. A value then has exactly one encoding, so nobody can change a signed
/// structure's bytes without changing its meaning.
public struct CBORDecoder: ~Escapable {
    private var reader: ByteReader

    @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) { reader = ByteReader(bytes) }

    /// Bytes not read yet.
    public var remaining: Int { reader.remaining }

    /// An unsigned or negative integer that fits 64 signed bits.
    @_lifetime(self: copy self)
    public mutating func readInteger() throws(CBORError) -> Int64 {
        let (type, argument) = try readHead()
        guard type == .unsigned || type == .negative else { throw .wrongType }
        guard let value = Int64(exactly: argument) else { throw .outOfRange }
        return type == .unsigned ? value : -1 - value
    }

    /// A byte string.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readBytes() throws(CBORError) -> Span<UInt8> {
        try readContent(of: .bytes)
    }

    /// A text string. The bytes are not checked to be UTF-8: compare them, or decode them with a check.
    @_lifetime(copy self)
    @_lifetime(self: copy self)
    public mutating func readText() throws(CBORError) -> Span<UInt8> {
        try readContent(of: .text)
    }

    /// The number of elements of an array.
    @_lifetime(self: copy self)
    public mutating func readArray() throws(CBORError) -> Int {
        try readCount(of: .array, bytesPerElement: 1)
    }

    /// The number of pairs of a map; read each key with ``readKey(in:)``.
    @_lifetime(self: copy self)
    public mutating func readMap() throws(CBORError) -> Int { try readCount(of: .map, bytesPerElement: 2) }

    /// The number of a tag.
    @_lifetime(self: copy self)
    public mutating func readTag() throws(CBORError) -> UInt64 {
        let (type, argument) = try readHead()
        guard type == .tag else { throw .wrongType }
        return argument
    }

    /// The next integer key of a map. Throws `notSorted` unless it comes after the one before in the order of the
    /// encodings, which also refuses a key that appears twice.
    @_lifetime(self: copy self)
    public mutating func readKey(in order: inout CBORKeyOrder) throws(CBORError) -> Int64 {
        let key = try readInteger()
        guard order.accept(key) else { throw .notSorted }
        return key
    }

    /// Steps over one value with all that it holds; the order of keys inside is not checked. Throws `wrongType` for floats
    /// and simple values, which no structure here has.
    @_lifetime(self: copy self)
    public mutating func skip() throws(CBORError) {
        // Counted instead of called: nesting costs no stack.
        var values: UInt64 = 1
        while values > 0 {
            values -= 1
            let (type, argument) = try readHead()
            switch type {
            case .unsigned, .negative: continue
            case .bytes, .text: _ = try readContent(ofLength: argument)
            case .array: values += UInt64(try checkCount(argument, bytesPerElement: 1))
            case .map: values += 2 * UInt64(try checkCount(argument, bytesPerElement: 2))
            case .tag: values += 1
            case .simple: throw .wrongType
            }
        }
    }

    /// Refuses anything that follows.
    public func finish() throws(CBORError) {
        guard remaining == 0 else { throw .trailingBytes }
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    private mutating func readContent(of expected: CBORMajorType) throws(CBORError) -> Span<UInt8> {
        let (type, argument) = try readHead()
        guard type == expected else { throw .wrongType }
        return try readContent(ofLength: argument)
    }

    @_lifetime(copy self)
    @_lifetime(self: copy self)
    private mutating func readContent(ofLength argument: UInt64) throws(CBORError) -> Span<UInt8> {
        // Compared as 64 bits first: a length beyond Int must not trap or wrap.
        guard argument <= UInt64(reader.remaining) else { throw .truncated }
        do { return try reader.readBytes(Int(argument)) } catch { throw .truncated }
    }

    @_lifetime(self: copy self)
    private mutating func readCount(of expected: CBORMajorType, bytesPerElement: Int) throws(CBORError) -> Int
    {
        let (type, argument) = try readHead()
        guard type == expected else { throw .wrongType }
        return try checkCount(argument, bytesPerElement: bytesPerElement)
    }

    private func checkCount(_ argument: UInt64, bytesPerElement: Int) throws(CBORError) -> Int {
        // An element has at least one byte, so a larger count is a lie that a loop should not believe.
        guard argument <= UInt64(reader.remaining / bytesPerElement) else { throw .truncated }
        return Int(argument)
    }

    /// Major type and argument (RFC 8949, 3).
    @_lifetime(self: copy self)
    private mutating func readHead() throws(CBORError) -> (CBORMajorType, UInt64) {
        let initial: UInt8
        do { initial = try reader.readByte() } catch { throw .truncated }
        guard let type = CBORMajorType(rawValue: initial >> 5) else { throw .wrongType }
        return (type, try readArgument(initial & 31))
    }

    @_lifetime(self: copy self)
    private mutating func readArgument(_ information: UInt8) throws(CBORError) -> UInt64 {
        switch information {
        case 0..<24: return UInt64(information)
        case 24: return try readArgument(UInt8.self, atLeast: 24)
        case 25: return try readArgument(UInt16.self, atLeast: 1 << 8)
        case 26: return try readArgument(UInt32.self, atLeast: 1 << 16)
        case 27: return try readArgument(UInt64.self, atLeast: 1 << 32)
        default: throw .indefinite
        }
    }

    @_lifetime(self: copy self)
    private mutating func readArgument<T: FixedWidthInteger & UnsignedInteger>(
        _ type: T.Type, atLeast least: UInt64
    ) throws(CBORError) -> UInt64 {
        let value: UInt64
        do { value = UInt64(try reader.readBigEndian(type)) } catch { throw .truncated }
        guard value >= least else { throw .notShortest }
        return value
    }
}
