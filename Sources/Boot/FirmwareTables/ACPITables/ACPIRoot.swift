public import SICEABI

/// The root of the ACPI tables: what the RSDP says (ACPI 6.5 §5.2.5).
public struct ACPIRoot: Sendable {
    /// Address of the root system description pointer.
    public let pointer: UInt64
    /// Revision 0 has no XSDT.
    public let revision: UInt8
    public internal(set) var rsdt: UInt64
    /// 0 when there is none.
    public internal(set) var xsdt: UInt64

    /// Reads the RSDP. Throws `bootNoACPI` when it is not one or its checksums are wrong.
    public init(at pointer: UInt64, _ memory: borrowing some ACPIMemory & ~Copyable) throws(ErrorCode) {
        guard memory.load(pointer, as: UInt64.self) == RSDP.signature,
            memory.addsUpToZero(pointer, count: RSDP.shortSize),
            let revision = memory.read(pointer + RSDP.revision),
            let rsdt = memory.load(pointer + RSDP.rsdt, as: UInt32.self)
        else { throw .bootNoACPI }
        self.pointer = pointer
        self.revision = revision
        self.rsdt = UInt64(rsdt)
        xsdt = 0
        guard revision >= 2 else { return }
        guard memory.addsUpToZero(pointer, count: RSDP.longSize),
            let xsdt = memory.load(pointer + RSDP.xsdt, as: UInt64.self)
        else { throw .bootNoACPI }
        self.xsdt = xsdt
    }

    /// Where an operating system looks for the RSDP (ACPI 6.5 §5.2.5.1): the BIOS read-only memory.
    public static var searchRange: Range<UInt64> { 0xE_0000..<0x10_0000 }

    /// The first valid RSDP in a part of ``searchRange``, at a multiple of 16 bytes.
    public static func first(
        in range: Range<UInt64>, _ memory: borrowing some ACPIMemory & ~Copyable
    ) -> ACPIRoot? {
        var pointer = (range.lowerBound + 15) & ~15
        while pointer < range.upperBound {
            // Most places hold no signature; that is not an error here.
            if let root = try? ACPIRoot(at: pointer, memory) { return root }
            pointer += 16
        }
        return nil
    }

    /// The table with a signature (as a little-endian integer), nil when there is none.
    /// Throws `bootNoACPI` when the root table or the table found is broken.
    public func find(
        _ signature: UInt32, _ memory: borrowing some ACPIMemory & ~Copyable
    ) throws(ErrorCode) -> ACPITable? {
        let root = try ACPITable(at: xsdt != 0 ? xsdt : rsdt, memory)
        let width: UInt64 = xsdt != 0 ? 8 : 4
        for index in 0..<root.entryCount(width: width) {
            guard let address = root.entry(index, width: width, memory) else { throw .bootNoACPI }
            guard memory.load(address, as: UInt32.self) == signature else { continue }
            return try ACPITable(at: address, memory)
        }
        return nil
    }
}

/// A table whose length and checksum were checked.
public struct ACPITable: Equatable, Sendable {
    public static var headerSize: Int { 36 }
    /// Larger tables exist only in broken firmware; bounds what a wrong length can make us read.
    private static var limit: UInt32 { 4 << 20 }

    public let address: UInt64
    public let length: Int

    init(at address: UInt64, _ memory: borrowing some ACPIMemory & ~Copyable) throws(ErrorCode) {
        guard let length = memory.load(address &+ 4, as: UInt32.self),
            length >= UInt32(Self.headerSize), length <= Self.limit,
            memory.addsUpToZero(address, count: Int(length))
        else { throw .bootNoACPI }
        self.address = address
        self.length = Int(length)
    }

    func entryCount(width: UInt64) -> Int {
        (length - Self.headerSize) / Int(width)
    }

    func entry(
        _ index: Int, width: UInt64, _ memory: borrowing some ACPIMemory & ~Copyable
    ) -> UInt64? {
        let position = address + UInt64(Self.headerSize) + UInt64(index) * width
        if width == 8 { return memory.load(position, as: UInt64.self) }
        return memory.load(position, as: UInt32.self).map { UInt64($0) }
    }
}

/// Offsets of the RSDP (ACPI 6.5 §5.2.5.3).
enum RSDP {
    static let signature: UInt64 = 0x2052_5450_2044_5352  // "RSD PTR "
    static let checksum: UInt64 = 8
    static let revision: UInt64 = 15
    static let rsdt: UInt64 = 16
    static let xsdt: UInt64 = 24
    static let longChecksum: UInt64 = 32
    static let shortSize = 20
    static let longSize = 36
}

/// Signatures as little-endian integers.
public enum ACPISignature {
    public static let tpm2: UInt32 = 0x324D_5054
    public static let madt: UInt32 = 0x4349_5041
    public static let uefi: UInt32 = 0x4946_4555
}
