public import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// The memory of a machine in a file: what QEMU keeps as the machine's RAM (`memory-backend-file`), byte for byte, TSEG among it.
///
/// QEMU's own dumps (`dump-guest-memory`, `pmemsave`) show memory as it is seen outside SMM, so they have no SMRAM.
public struct MemoryFile: PhysicalMemory {
    public let lowEnd: UInt64
    private let size: UInt64
    private let file: OpenFile

    /// From this size on q35 puts all but the first 2 GiB of RAM above 4 GiB (QEMU, hw/i386/pc_q35.c).
    private static let splitSize: UInt64 = 0xB000_0000
    private static let splitLowEnd: UInt64 = 2 << 30
    private static let highBase: UInt64 = 4 << 30
    /// As much as a machine of `run` has at least, and at most.
    private static let sizes: ClosedRange<UInt64> = (64 << 20)...(64 << 30)

    /// Throws `fileMissing`, and `memoryUnusable` for a file whose size no machine's RAM has.
    public init(_ path: String) throws(ToolError) {
        let status: Stat
        do throws(Errno) {
            file = try OpenFile(name: SystemName.bytes(path), .readOnly)
            status = try file.status()
        } catch { throw ToolError(.fileMissing, "\(path): \(error)") }
        let size = UInt64(max(0, status.size))
        guard status.type == .regular, size % (1 << 20) == 0, Self.sizes.contains(size) else {
            throw ToolError(.memoryUnusable, "\(path): no file of a size that RAM has")
        }
        self.size = size
        lowEnd = size >= Self.splitSize ? Self.splitLowEnd : size
    }

    public func read(_ count: Int, at address: UInt64) throws(OutsideMemory) -> [UInt8] {
        guard let offset = offset(of: address, count) else { throw OutsideMemory(address) }
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard
                let next = try? file.readSome(count - bytes.count, at: Int64(offset) + Int64(bytes.count)),
                !next.isEmpty
            else { throw OutsideMemory(address) }
            bytes += next
        }
        return bytes
    }

    private func offset(of address: UInt64, _ count: Int) -> UInt64? {
        let count = UInt64(count)
        if address < lowEnd { return count <= lowEnd - address ? address : nil }
        guard address >= Self.highBase, size > lowEnd else { return nil }
        let offset = address - Self.highBase
        guard offset < size - lowEnd, count <= size - lowEnd - offset else { return nil }
        return lowEnd + offset
    }
}
