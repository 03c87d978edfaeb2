internal import ByteIO
public import SICEABI

/// Runs QEMU's table-loader script: places ACPI tables in memory, links them and corrects their checksums
/// (QEMU hw/acpi/bios-linker-loader.c describes the commands).
///
/// Every offset of the script is checked against the size of the file it names: a wrong script is an error, never
/// a write outside the files that were placed.
public struct TableLoader<Memory: TableMemory> {
    /// Files that one script may place.
    public static var maximumFiles: Int { 16 }
    /// Bytes of one command of the script.
    public static var commandSize: Int { 128 }

    private var memory: Memory
    private var files: InlineArray<16, PlacedFile> = .init(repeating: PlacedFile())
    private var fileCount = 0

    /// A loader that places files in `memory`.
    public init(memory: Memory) {
        self.memory = memory
    }

    /// Runs the whole script. Throws `bootNoACPI` at the first command that does not make sense.
    public mutating func run(script: Span<UInt8>) throws(ErrorCode) {
        var offset = 0
        while offset + Self.commandSize <= script.count {
            try run(command: script.extracting(offset..<(offset + Self.commandSize)))
            offset += Self.commandSize
        }
    }

    /// Where the file with this name (without NUL) was placed, or nil.
    public func address(of name: Span<UInt8>) -> UInt64? {
        for index in 0..<fileCount where files[index].isNamed(name) { return files[index].address }
        return nil
    }

    /// The memory back, after the run.
    public consuming func finish() -> Memory {
        memory
    }

    private mutating func run(command: Span<UInt8>) throws(ErrorCode) {
        switch command.littleEndian(at: 0, as: UInt32.self) {
        case 1: try allocate(command)
        case 2: try addPointer(command)
        case 3: try addChecksum(command)
        // Writing addresses back to the device (4) serves devices that this firmware does not support; anything
        // else, zero padding included, is to be skipped by the interface's own rule.
        default: break
        }
    }

    private mutating func allocate(_ command: Span<UInt8>) throws(ErrorCode) {
        let name = FileName.read(command, at: 4)
        let alignment = command.littleEndian(at: 60, as: UInt32.self)
        guard fileCount < Self.maximumFiles, find(command, at: 4) == nil,
            let zone = TableZone(rawValue: command[64]),
            alignment == 0 || alignment & (alignment - 1) == 0,
            let placed = memory.place(name, alignment: max(alignment, 1), zone: zone)
        else { throw .bootNoACPI }
        files[fileCount] = PlacedFile(name: name, address: placed.address, size: placed.size)
        fileCount += 1
    }

    private mutating func addPointer(_ command: Span<UInt8>) throws(ErrorCode) {
        let offset = UInt64(command.littleEndian(at: 116, as: UInt32.self))
        let width = UInt64(command[120])
        guard let target = find(command, at: 4), let source = find(command, at: 60),
            width == 1 || width == 2 || width == 4 || width == 8,
            offset + width <= UInt64(target.size)
        else { throw .bootNoACPI }
        let field = target.address + offset
        var value: UInt64 = 0
        for index in 0..<width { value |= UInt64(memory.read(at: field + index)) << (index * 8) }
        value &+= source.address
        // An address that the field cannot hold would link to the wrong place.
        guard width == 8 || value >> (width * 8) == 0 else { throw .bootNoACPI }
        for index in 0..<width {
            memory.write(UInt8(truncatingIfNeeded: value >> (index * 8)), at: field + index)
        }
    }

    private mutating func addChecksum(_ command: Span<UInt8>) throws(ErrorCode) {
        let offset = UInt64(command.littleEndian(at: 60, as: UInt32.self))
        let start = UInt64(command.littleEndian(at: 64, as: UInt32.self))
        let length = UInt64(command.littleEndian(at: 68, as: UInt32.self))
        guard let file = find(command, at: 4), offset < UInt64(file.size), start + length <= UInt64(file.size)
        else { throw .bootNoACPI }
        var sum = memory.read(at: file.address + offset)
        for index in 0..<length { sum &-= memory.read(at: file.address + start + index) }
        memory.write(sum, at: file.address + offset)
    }

    private func find(_ command: Span<UInt8>, at offset: Int) -> PlacedFile? {
        for index in 0..<fileCount where files[index].isNamed(inField: command, at: offset) {
            return files[index]
        }
        return nil
    }
}
