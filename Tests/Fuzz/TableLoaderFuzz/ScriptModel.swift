/// What a script says, in the plainest words (QEMU hw/acpi/bios-linker-loader.c): files by name, each with bytes of
/// its own.
struct ScriptModel {
    struct File {
        let name: [UInt8]
        let address: UInt64
        var bytes: [UInt8]
    }

    private(set) var files: [File] = []

    /// Nil for a script with a command that makes no sense.
    init?(_ script: [UInt8]) {
        var rest = script[...]
        while rest.count >= 128 {
            guard run(Array(rest.prefix(128))) else { return nil }
            rest = rest.dropFirst(128)
        }
    }

    private mutating func run(_ command: [UInt8]) -> Bool {
        switch number(command, 0) {
        case 1: allocate(command)
        case 2: addPointer(command)
        case 3: addChecksum(command)
        default: true
        }
    }

    private mutating func allocate(_ command: [UInt8]) -> Bool {
        let field = Array(command[4..<60])
        let alignment = max(number(command, 60), 1)
        let end = files.last.map { $0.address + UInt64($0.bytes.count) } ?? 1
        guard files.count < 16, index(command, 4) == nil, command[64] == 1 || command[64] == 2,
            alignment.nonzeroBitCount == 1, let bytes = DeviceFile.content(field)
        else { return false }
        let address = Placement.address(behind: end, alignment: UInt32(alignment))
        guard address + UInt64(bytes.count) <= Placement.size else { return false }
        files.append(File(name: name(field), address: address, bytes: bytes))
        return true
    }

    private mutating func addPointer(_ command: [UInt8]) -> Bool {
        guard let target = index(command, 4), let source = index(command, 60),
            [1, 2, 4, 8].contains(command[120])
        else { return false }
        let field = Int(number(command, 116))..<(Int(number(command, 116)) + Int(command[120]))
        guard field.upperBound <= files[target].bytes.count else { return false }
        let old = files[target].bytes[field].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let new = old &+ files[source].address
        guard field.count == 8 || new < 1 << (8 * field.count) else { return false }
        for (position, offset) in field.enumerated() {
            files[target].bytes[offset] = UInt8(truncatingIfNeeded: new >> (8 * position))
        }
        return true
    }

    private mutating func addChecksum(_ command: [UInt8]) -> Bool {
        guard let file = index(command, 4) else { return false }
        let (offset, start) = (Int(number(command, 60)), Int(number(command, 64)))
        let end = start + Int(number(command, 68))
        guard offset < files[file].bytes.count, end <= files[file].bytes.count else { return false }
        files[file].bytes[offset] &-= files[file].bytes[start..<end].reduce(0, &+)
        return true
    }

    private func index(_ command: [UInt8], _ offset: Int) -> Int? {
        let wanted = name(Array(command[offset..<(offset + 56)]))
        return files.firstIndex { $0.name == wanted }
    }

    private func name(_ field: [UInt8]) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    private func number(_ command: [UInt8], _ offset: Int) -> UInt64 {
        command[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
