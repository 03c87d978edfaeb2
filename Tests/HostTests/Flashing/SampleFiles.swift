import Fixtures
import IsolatedImage
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

    static var manager: [UInt8] { SampleROM.manager }

    static var image: [UInt8] { get throws(ErrorCode) { try image(pages: 1) } }

    /// An isolated image that does nothing, of one page of code and this many of data.
    static func image(pages: UInt64) throws(ErrorCode) -> [UInt8] {
        var header = [UInt8](repeating: 0, count: ImageLayout.headerSize)
        var writer = try ImageHeaderWriter(header.mutableSpan)
        try writer.setProgram(
            kind: .bareProgram, flags: 0, name: Array("sample".utf8).span, version: [UInt8]().span)
        let (code, data) = (Permissions.read | Permissions.execute, Permissions.read | Permissions.write)
        try writer.add(region: ImageRegion(address: 0x1000, pages: 1, contentPages: 1, permissions: code))
        try writer.add(region: ImageRegion(address: 0x2000, pages: pages, contentPages: 0, permissions: data))
        writer.setStart(entry: 0x1000, stackPointer: 0x3000, pageTableRoot: 0x2000)
        try writer.finish()
        return header + [UInt8](repeating: 0xF4, count: Int(ABI.pageSize))
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
