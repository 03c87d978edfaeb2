import SICEABI

extension SampleROM {
    /// A ROM whose boot nothing in the file would stop.
    public static var bootable: SampleROM {
        var rom = SampleROM()
        rom.files = [
            ("fallback/payload", payload(at: 0x300_0000)), ("sice/manager", manager),
            ("sice/next", payload(at: 0x10_0000)), ("bootblock", [4, 4, 4, 4]),
        ]
        return rom
    }

    /// A manager file whose header is in order: a page of text with everything in it, and a page of memory behind it.
    public static var manager: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x1000)
        func put(_ value: UInt64, _ size: Int, _ offset: Int) {
            for index in 0..<size {
                bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(index)))
            }
        }
        put(ManagerImageLayout.magicValue, 8, ManagerImageLayout.magic)
        for (offset, value) in [
            (ManagerImageLayout.fileSize, 0x1000), (ManagerImageLayout.memorySize, 0x2000),
            (ManagerImageLayout.textEnd, 0x1000), (ManagerImageLayout.rodataEnd, 0x1000),
            (ManagerImageLayout.entry64, 0x234), (ManagerImageLayout.stub, 0x400),
            (ManagerImageLayout.stubSize, 0x100), (ManagerImageLayout.stubParameters, 0x40),
            (ManagerImageLayout.handoff, 0x1000),
            (0x440 + StubParametersLayout.tablePointerBase, 0x90),
            (0x440 + StubParametersLayout.longModeTarget, 0x80),
        ] { put(UInt64(value), 4, offset) }
        return bytes
    }

    /// A payload of 16 bytes in coreboot's format (SELF): one segment, then the entry.
    public static func payload(at address: Int) -> [UInt8] {
        func big(_ value: Int, _ size: Int) -> [UInt8] {
            (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let segment = Array("CODE".utf8) + big(0, 4) + big(56, 4) + big(address, 8) + big(16, 4) + big(16, 4)
        let entry = Array("ENTR".utf8) + big(0, 4) + big(0, 4) + big(address, 8) + big(0, 4) + big(0, 4)
        return segment + entry + [UInt8](repeating: 0xF4, count: 16)
    }
}
