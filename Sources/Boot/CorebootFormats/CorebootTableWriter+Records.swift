public import ByteIO

/// Where the boot medium's parts are, as offsets from its start.
public struct CorebootBootMedia: Equatable, Sendable {
    /// Offset of the FMAP.
    public var flashMapOffset: UInt64
    /// Offset of the file system (CBFS).
    public var fileSystemOffset: UInt64
    /// Size of the file system in bytes.
    public var fileSystemSize: UInt64
    /// Size of the whole medium in bytes; it is mapped right below 4 GiB.
    public var mediaSize: UInt64

    /// All values in bytes.
    public init(
        flashMapOffset: UInt64, fileSystemOffset: UInt64, fileSystemSize: UInt64, mediaSize: UInt64
    ) {
        self.flashMapOffset = flashMapOffset
        self.fileSystemOffset = fileSystemOffset
        self.fileSystemSize = fileSystemSize
        self.mediaSize = mediaSize
    }
}

extension CorebootTableWriter {
    /// Who made the board (tag 0x03).
    @_lifetime(self: copy self)
    public mutating func writeMainboard(vendor: Span<UInt8>, part: Span<UInt8>) throws(ByteError) {
        guard vendor.count < 255 else { throw .noRoom }
        try beginRecord(tag: 0x03)
        try append(UInt8(0))
        try append(UInt8(truncatingIfNeeded: vendor.count + 1))
        try append(text: vendor)
        try append(text: part)
        try endRecord()
    }

    /// A string record, such as the firmware's version (tag 0x04).
    @_lifetime(self: copy self)
    public mutating func writeString(tag: UInt32, _ text: Span<UInt8>) throws(ByteError) {
        try beginRecord(tag: tag)
        try append(text: text)
        try endRecord()
    }

    /// The 16550 that is the console (tag 0x0F): port, baud rate, one byte a register, 1.8432 MHz.
    @_lifetime(self: copy self)
    public mutating func writeSerialPort(_ port: UInt16, baudRate: UInt32) throws(ByteError) {
        try beginRecord(tag: 0x0F)
        try append(UInt32(1))  // reached by port instructions
        try append(UInt32(port))
        try append(baudRate)
        try append(UInt32(1))
        try append(UInt32(1_843_200))
        try endRecord()
    }

    /// Address of the table of time stamps (tag 0x16).
    @_lifetime(self: copy self)
    public mutating func writeTimestamps(at address: UInt64) throws(ByteError) {
        try beginRecord(tag: 0x16)
        try append(address)
        try endRecord()
    }

    /// Where the real table is (tag 0x11), for a table at an address that payloads look at.
    @_lifetime(self: copy self)
    public mutating func writeForward(to address: UInt64) throws(ByteError) {
        try beginRecord(tag: 0x11)
        try append(address)
        try endRecord()
    }

    /// Where the file system is (tag 0x30).
    @_lifetime(self: copy self)
    public mutating func writeBootMedia(_ media: CorebootBootMedia) throws(ByteError) {
        try beginRecord(tag: 0x30)
        try append(media.flashMapOffset)
        try append(media.fileSystemOffset)
        try append(media.fileSystemSize)
        try append(media.mediaSize)
        try endRecord()
    }

    /// Something that firmware keeps in memory for later (tag 0x31).
    @_lifetime(self: copy self)
    public mutating func writeMemoryEntry(id: UInt32, address: UInt64, size: UInt32) throws(ByteError) {
        try beginRecord(tag: 0x31)
        try append(address)
        try append(size)
        try append(id)
        try endRecord()
    }

    /// Address of a copy of the FMAP (tag 0x37).
    @_lifetime(self: copy self)
    public mutating func writeFlashMap(at address: UInt64) throws(ByteError) {
        try beginRecord(tag: 0x37)
        try append(address)
        try endRecord()
    }

    /// Address of the ACPI root pointer (tag 0x43).
    @_lifetime(self: copy self)
    public mutating func writeRootPointer(at address: UInt64) throws(ByteError) {
        try beginRecord(tag: 0x43)
        try append(address)
        try endRecord()
    }

    /// Starts the memory map (tag 0x01); ranges follow by ``writeMemoryRange(base:size:type:)``, then
    /// ``endRecord()``.
    @_lifetime(self: copy self)
    public mutating func beginMemoryMap() throws(ByteError) {
        try beginRecord(tag: 0x01)
    }

    /// A range of the memory map: 1 RAM, 2 reserved, 16 firmware's tables.
    @_lifetime(self: copy self)
    public mutating func writeMemoryRange(base: UInt64, size: UInt64, type: UInt32) throws(ByteError) {
        try append(base)
        try append(size)
        try append(type)
    }
}
