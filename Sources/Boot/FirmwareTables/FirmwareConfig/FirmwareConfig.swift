/// A file of the firmware configuration device.
public struct FirmwareConfigFile: Equatable, Sendable {
    /// What to select to read it.
    public let key: UInt16
    /// Its size in bytes.
    public let size: UInt32
}

/// Finds things in QEMU's firmware configuration device (QEMU docs/specs/fw_cfg.txt).
public enum FirmwareConfig {
    /// Bytes of a file name's field, NUL included.
    public static let nameSize = 56
    /// More directory entries than this are not looked at: QEMU has at most a few dozen.
    public static let maximumFiles: UInt32 = 1024

    private static let signatureKey: UInt16 = 0x00
    private static let directoryKey: UInt16 = 0x19
    private static let signature: UInt32 = 0x554D_4551  // "QEMU"

    /// Whether the device is there at all.
    public static func isPresent<Device: FirmwareConfigDevice>(_ device: inout Device) -> Bool {
        device.select(signatureKey)
        return device.readLittleEndian(UInt32.self) == signature
    }

    /// The file with this name (without NUL), or nil.
    public static func find<Device: FirmwareConfigDevice>(
        _ name: Span<UInt8>, in device: inout Device
    ) -> FirmwareConfigFile? {
        device.select(directoryKey)
        let count = min(device.readBigEndian(UInt32.self), maximumFiles)
        for _ in 0..<count {
            let size = device.readBigEndian(UInt32.self)
            let key = device.readBigEndian(UInt16.self)
            _ = device.readBigEndian(UInt16.self)
            if readName(from: &device, equals: name) { return FirmwareConfigFile(key: key, size: size) }
        }
        return nil
    }

    /// Reads one whole name field, also when an early byte differs: the next entry starts after it.
    private static func readName<Device: FirmwareConfigDevice>(
        from device: inout Device, equals name: Span<UInt8>
    ) -> Bool {
        var equal = name.count < nameSize
        for index in 0..<nameSize {
            let byte = device.readByte()
            if index < name.count {
                equal = equal && byte == name[index]
            } else if index == name.count {
                equal = equal && byte == 0
            }
        }
        return equal
    }
}
