internal import ByteIO
internal import Diagnostics
internal import Reference
internal import SICEABI

/// What a flashed ROM notes down so that `unflash` can tell the truth: bytes of fixed places, integers little-endian.
struct FlashRecord: Equatable {
    static let size = 80
    /// ASCII "SICEREC1".
    private static let magic: UInt64 = 0x3143_4552_4543_4953
    private enum Field {
        static let magic = 0  // u64
        static let place = 8  // u64
        static let before = 16  // 32 bytes
        static let payload = 48  // 32 bytes
    }
    private static let nowhere = UInt64.max

    /// SHA-256 of the whole ROM before it was first flashed; nil where that was done without a record.
    var before: [UInt8]?
    /// SHA-256 of the payload that was put in.
    var payload: [UInt8]
    /// Where the content of the ROM's own payload was, in bytes from the start of the file system; nil without one.
    var place: UInt64?

    init(before: [UInt8]?, payload: [UInt8], place: UInt64?) {
        (self.before, self.payload, self.place) = (before, payload, place)
    }

    /// Nil for anything that is no record, which then says nothing.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.size,
            bytes.span.littleEndian(at: Field.magic, as: UInt64.self) == Self.magic
        else { return nil }
        let place = bytes.span.littleEndian(at: Field.place, as: UInt64.self)
        self.place = place == Self.nowhere ? nil : place
        let before = Array(bytes[Field.before..<Field.payload])
        self.before = before.allSatisfy { $0 == 0 } ? nil : before
        payload = Array(bytes[Field.payload...])
    }

    var bytes: [UInt8] {
        var numbers = [UInt8](repeating: 0, count: Field.before)
        var fields = numbers.mutableSpan
        fields.storeLittleEndian(Self.magic, at: Field.magic)
        fields.storeLittleEndian(place ?? Self.nowhere, at: Field.place)
        return numbers + (before ?? [UInt8](repeating: 0, count: ABI.digestSize)) + payload
    }
}

extension ROM {
    /// What an earlier `flash` noted down; nil without, or when it makes no sense. Throws `romFileSystemDamaged`.
    var flashRecord: FlashRecord? {
        get throws(ToolError) { try content(of: ROM.record).flatMap(FlashRecord.init) }
    }
}
