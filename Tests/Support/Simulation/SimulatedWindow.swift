public import WindowNetwork

/// A window in this process. Anything outside of it, or a word at an odd place, ends the process.
public final class SimulatedWindow: SharedMemory {
    public var bytes: [UInt8]

    public init(size: Int) { bytes = [UInt8](repeating: 0, count: size) }

    public var size: Int { bytes.count }

    public func load(_ offset: Int) -> UInt32 {
        precondition(offset % 4 == 0)
        return (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << ($1 * 8) }
    }

    public func store(_ value: UInt32, at offset: Int) {
        precondition(offset % 4 == 0)
        for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
    }

    public func fence() {}

    /// The bytes of a packet.
    public func read(_ place: PacketPlace) -> [UInt8] {
        Array(bytes[place.first..<place.first + place.firstCount])
            + bytes[place.second..<place.second + place.secondCount]
    }

    /// Writes the start of a place.
    public func write(_ packet: [UInt8], at place: PacketPlace) {
        precondition(packet.count <= place.count)
        let (first, second) = (packet.prefix(place.firstCount), packet.dropFirst(place.firstCount))
        bytes.replaceSubrange(place.first..<place.first + first.count, with: first)
        bytes.replaceSubrange(place.second..<place.second + second.count, with: second)
    }
}
