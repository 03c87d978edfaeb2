internal import ByteIO
internal import CorebootFormats
internal import SICEABI

/// A Linux kernel as coreboot's cbfstool makes a payload of it (`add-payload` with a bzImage): boot parameters at 576 KiB,
/// the protected-mode kernel at the address that they name, a RAM disk from a multiple of 64 MiB on, and a program at
/// 256 KiB that is the entry, completes the parameters from the coreboot table and enters the kernel.
///
/// That program lies where nothing can be loaded once SMRAM is locked, and the RAM disk where the loader itself is. So the
/// loader does the program's work, by the 32-bit boot protocol (Linux, Documentation/arch/x86/boot.rst), and gives the RAM
/// disk another place.
public struct LinuxPayload: Sendable {
    /// Where the boot parameters are, for the kernel and in the payload.
    public static let parametersAddress: UInt64 = 0x9_0000
    /// The most that their segment has: cbfstool's is a little longer than the page that a kernel reads.
    public static let parametersLimit = 8192

    private static let trampolineAddress: UInt64 = 0x4_0000
    /// `initrd_addr_max` of the oldest kernels; cbfstool leaves a kernel's own out.
    private static let initrdLimit: UInt64 = 0x3800_0000

    private let kernel: SELFSegment
    private let initialSize: UInt64
    private let initrd: SELFSegment?
    /// Where the RAM disk is loaded; 0 when there is none.
    private(set) var initrdAddress: UInt64 = 0

    /// The segment with the boot parameters, if a payload has the shape that cbfstool gives to kernels; nil otherwise.
    static func parameters(of payload: borrowing SELFPayload) -> SELFSegment? {
        guard payload.entry == trampolineAddress, payload.segment(at: trampolineAddress) != nil,
            let segment = payload.segment(at: parametersAddress),
            segment.memorySize >= BootParameters.end, segment.memorySize <= parametersLimit
        else { return nil }
        return segment
    }

    /// Reads the expanded boot parameters. Nil when they do not describe the payload's segments: then it is another program.
    init?(_ payload: borrowing SELFPayload, parameters: Span<UInt8>) {
        func word(_ offset: Int) -> UInt64 { UInt64(parameters.littleEndian(at: offset, as: UInt32.self)) }
        guard parameters.littleEndian(at: BootParameters.Field.loader, as: UInt8.self) != 0,
            let kernel = payload.segment(at: word(BootParameters.Field.kernelAddress)),
            kernel.loadAddress >= BootParameters.highMemory
        else { return nil }
        self.kernel = kernel
        initialSize = word(BootParameters.Field.initialSize)
        let size = word(BootParameters.Field.initrdSize)
        guard size > 0 else {
            initrd = nil
            return
        }
        guard let initrd = payload.segment(at: word(BootParameters.Field.initrdAddress)),
            initrd.loadAddress > kernel.loadAddress, size <= initrd.memorySize
        else { return nil }
        self.initrd = initrd
    }

    /// The memory that the kernel uses from its address on before it looks at any memory map.
    var kernelMemory: MemoryRange {
        MemoryRange(
            base: kernel.loadAddress, size: max(initialSize, kernel.memorySize), type: MemoryType.ram)
    }

    /// The segments as they are loaded: without the program that completes the parameters, with a page for them, and with
    /// the RAM disk as high as every kernel takes it, above the loader and the kernel. Throws `bootNoRoomForInitrd`.
    mutating func place(
        _ payload: borrowing SELFPayload, memory: borrowing MemoryMap, firmware: MemoryRange
    ) throws(ErrorCode) -> SELFPayload {
        if let initrd {
            let lowest = max(firmware.end, kernelMemory.end)
            guard lowest < Self.initrdLimit,
                let place = memory.highestPlace(for: initrd.memorySize, in: lowest..<Self.initrdLimit)
            else { throw .bootNoRoomForInitrd }
            initrdAddress = place
        }
        var result = SELFPayload(entry: kernel.loadAddress)
        for index in 0..<payload.count {
            var segment = payload[index]
            if segment.loadAddress == Self.trampolineAddress { continue }
            if segment.loadAddress == Self.parametersAddress {
                segment = SELFSegment(
                    zeros: MemoryRange(
                        base: Self.parametersAddress, size: UInt64(BootParameters.size), type: MemoryType.ram)
                )
            } else if segment == initrd {
                segment.loadAddress = initrdAddress
            }
            try result.append(segment)
        }
        return result
    }
}

extension SELFPayload {
    fileprivate func segment(at address: UInt64) -> SELFSegment? {
        for index in 0..<count where self[index].loadAddress == address { return self[index] }
        return nil
    }
}
