import Fixtures
import LinuxBoot
import SICEABI
import Testing

@Suite struct KernelImageTests {
    /// The error of a changed sample, nil when it is accepted.
    private func error(_ change: (inout SampleKernel) -> Void = { _ in }) -> ErrorCode? {
        var sample = SampleKernel()
        change(&sample)
        return error(of: sample.bytes)
    }

    private func error(of bytes: [UInt8]) -> ErrorCode? {
        do throws(ErrorCode) {
            _ = try KernelImage(bytes.span)
            return nil
        } catch { return error }
    }

    @Test func accept_sample() throws {
        let bytes = SampleKernel().bytes
        let image = try KernelImage(bytes.span)
        #expect(image.size == 1024 && image.kernel.count == 1024)
        #expect(image.kernel[0] == SampleKernel.content(0))
        #expect(image.kernel[1023] == SampleKernel.content(1023))
        #expect(image.preferredAddress == 0x100_0000 && image.memorySize == 0x20_0000)
        #expect(image.maximumCommandLine == 255)
    }

    @Test func accept_noSetupSectors_meansFour() throws {
        var sample = SampleKernel()
        sample.setupSectors = 0
        let bytes = sample.bytes
        #expect(try KernelImage(bytes.span).kernel[0] == SampleKernel.content(0))
    }

    @Test func reject_everyTruncation() {
        var sample = SampleKernel()
        sample.trailer = []
        let bytes = sample.bytes
        for count in 0..<bytes.count {
            // Before the end of the header's magic number nothing says that this is a kernel.
            let expected: ErrorCode = count < 0x206 ? .notALinuxKernel : .linuxKernelTruncated
            #expect(error(of: Array(bytes[..<count])) == expected, "\(count) bytes")
        }
    }

    @Test func reject_otherFile() {
        #expect(error { $0.magic ^= 1 } == .notALinuxKernel)
        #expect(error { $0.bootFlag = 0 } == .notALinuxKernel)
        #expect(error(of: [UInt8](repeating: 0x7F, count: 4096)) == .notALinuxKernel)
    }

    @Test func reject_unsupportedKernel() {
        #expect(error { $0.version = 0x020B } == .linuxKernelUnsupported)
        #expect(error { $0.loadFlags = 0x80 } == .linuxKernelUnsupported)
        #expect(error { $0.extendedFlags = 0x7E } == .linuxKernelUnsupported)
        #expect(error { $0.headerLength = 0x61 } == .linuxKernelUnsupported)
        #expect(error { $0.headerLength = 0x8F } == .linuxKernelUnsupported)
        #expect(error { $0.preferredAddress += 1 } == .linuxKernelUnsupported)
        #expect(error { $0.preferredAddress = 0xF_F000 } == .linuxKernelUnsupported)
        #expect(error { $0.preferredAddress = 1 << 32 } == .linuxKernelUnsupported)
        #expect(error { $0.preferredAddress = ~0xFFF } == .linuxKernelUnsupported)
        #expect(error { $0.paragraphs = 32 } == .linuxKernelUnsupported)
    }

    @Test func reject_sizesBeyondTheFile() {
        for paragraphs in [65, 0x1000_0000, UInt32.max] {
            var bytes = SampleKernel().bytes
            for index in 0..<4 {
                bytes[0x1F4 + index] = UInt8(truncatingIfNeeded: paragraphs >> UInt32(8 * index))
            }
            #expect(error(of: bytes) == .linuxKernelTruncated)
        }
        #expect(error { $0.initialSize = .max } == nil, "memory is the builder's to judge")
    }

    /// Whatever a header says, the answer is one of the three errors or a kernel inside the file.
    @Test func anyHeaderIsJudged() {
        var random = SeededRandom(seed: 7)
        for _ in 0..<20_000 {
            var bytes = SampleKernel().bytes
            for _ in 0..<3 {
                bytes[Int.random(in: 0x1F0..<0x270, using: &random)] = .random(in: 0...255, using: &random)
            }
            let code = error(of: bytes)
            let known: [ErrorCode?] = [
                nil, .linuxKernelTruncated, .notALinuxKernel, .linuxKernelUnsupported,
            ]
            #expect(known.contains(code))
        }
    }
}
