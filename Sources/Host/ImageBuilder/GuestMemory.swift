internal import LinuxBoot
internal import SICEABI

/// Memory that a Linux guest needs to come as far as its first program. To hold kernel and initial RAM disk is not enough:
/// while the kernel unpacks the disk, both forms of it are there, beside all that the kernel takes for itself.
struct GuestMemory {
    /// From its preferred address on, as its header says.
    private let kernel: UInt64
    private let initrd: UInt64
    private let unpacked: UInt64
    /// Where kernel and initial RAM disk lie need so much address space, whatever else lies below the kernel.
    private let reach: UInt64

    /// Page tables, hash tables, caches, data of each CPU, first processes. Debian's kernel 6.1 with one CPU takes 14 MiB
    /// before it begins to unpack.
    private static let kernelData: UInt64 = 16 << 20

    init(_ image: borrowing KernelImage, _ initrd: [UInt8]) {
        kernel = image.memorySize
        self.initrd = ImagePlan.pages(UInt64(initrd.count)) * ABI.pageSize
        unpacked = InitialRAMDisk.unpackedSize(initrd)
        reach = image.preferredAddress + kernel + self.initrd
    }

    /// Bytes of memory from address 0 on.
    var total: UInt64 {
        let contents = kernel + initrd + unpacked + Self.kernelData
        // A record of 64 bytes for each page, and the file system's own for each page of a file.
        return max(reach, contents + contents / 32)
    }

    /// For messages: the number that is enough, and what it is made of.
    var text: String {
        let most = UInt64(LinuxGuest.memorySizes.upperBound)
        let limit =
            Self.mebibytes(total) > most ? "; no guest has more than \(most): make the disk smaller" : ""
        return
            "at least \(Self.mebibytes(total)) MiB: the kernel takes \(Self.mebibytes(kernel)), its initial RAM disk "
            + "\(Self.mebibytes(initrd)), unpacked \(Self.mebibytes(unpacked)) more, the kernel's own data "
            + "\(Self.mebibytes(Self.kernelData))\(limit)"
    }

    private static func mebibytes(_ bytes: UInt64) -> UInt64 { (bytes + (1 << 20) - 1) >> 20 }
}
