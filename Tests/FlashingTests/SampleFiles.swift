import SICEABI

/// Bytes for the inputs of `flash`.
enum SampleFiles {
    /// A 32-bit ELF program with one segment of `size` bytes, 1 MiB if not said otherwise (System V ABI, ELF header and
    /// one PT_LOAD).
    static func program(_ size: Int, fill: UInt8, at address: Int = 0x10_0000) -> [UInt8] {
        var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1, 0] + [UInt8](repeating: 0, count: 8)
        bytes += half(2) + half(3) + word(1) + word(address) + word(52) + word(0) + word(0)
        bytes += half(52) + half(32) + half(1) + half(40) + half(0) + half(0)
        bytes += word(1) + word(84) + word(address) + word(address)
        bytes += word(size) + word(size) + word(5) + word(4)
        return bytes + [UInt8](repeating: fill, count: size)
    }

    /// A manager file whose header is in order: text, constants, data, 64 KiB of memory.
    static var manager: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 0x4000)
        func put(_ value: [UInt8], _ offset: Int) {
            bytes.replaceSubrange(offset..<(offset + value.count), with: value)
        }
        put(
            (0..<8).map { UInt8(truncatingIfNeeded: ManagerImageLayout.magicValue >> ($0 * 8)) },
            ManagerImageLayout.magic)
        put(word(0x4000), ManagerImageLayout.fileSize)
        put(word(0x1_0000), ManagerImageLayout.memorySize)
        put(word(0x2000), ManagerImageLayout.textEnd)
        put(word(0x3000), ManagerImageLayout.rodataEnd)
        put(word(0x1234), ManagerImageLayout.entry64)
        put(word(0x2100), ManagerImageLayout.stub)
        put(word(0x100), ManagerImageLayout.stubSize)
        put(word(0x40), ManagerImageLayout.stubParameters)
        put(word(0x5000), ManagerImageLayout.handoff)
        put(word(0x90), 0x2140 + StubParametersLayout.tablePointerBase)
        put(word(0x80), 0x2140 + StubParametersLayout.longModeTarget)
        return bytes
    }

    /// coreboot's configuration as its build writes it, as far as it matters.
    static let configuration = """
        # This image was built using coreboot
        CONFIG_CBFS_PREFIX="fallback"
        CONFIG_NO_SMM=y
        CONFIG_TPM2=y
        CONFIG_TPM_MEASURED_BOOT=y
        CONFIG_TPM_LOG_TPM2=y
        CONFIG_TPM_HASH_SHA256=y
        CONFIG_PCR_SRTM=2

        """

    private static func half(_ value: Int) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
    private static func word(_ value: Int) -> [UInt8] { half(value & 0xFFFF) + half(value >> 16) }
}
