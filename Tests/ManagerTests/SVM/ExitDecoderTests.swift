import GuestPolicy
import SVM
import Testing

/// Exit codes of AMD64 APM volume 2, appendix C.
@Suite struct ExitDecoderTests {
    static let cases: [(UInt64, GuestExit)] = [
        (0x81, GuestExit(.vmmcall)),
        (0x60, GuestExit(.hostInterrupt)),
        (0x61, GuestExit(.hostInterrupt)),
        (0x62, GuestExit(.hostInterrupt)),
        (0x63, GuestExit(.hostInterrupt)),
        (0x4E, GuestExit(.exception, code: 14, address: 0x22)),
        (0x40, GuestExit(.exception, code: 0, address: 0x33)),
        (0x46, GuestExit(.exception, code: 6, address: 0x33)),
        (0x5F, GuestExit(.exception, code: 31, address: 0x33)),
        (0x400, GuestExit(.nestedPageFault, code: 0x11, address: 0x22)),
        (0x7F, GuestExit(.shutdown, address: 0x33)),
        (0x72, GuestExit(.cpuid, address: 0x33)),
        (0x73, GuestExit(.forbiddenInstruction, code: 0x73, address: 0x33)),
        (0x78, GuestExit(.hlt, address: 0x33)),
        (0x7B, GuestExit(.ioio, code: 0x11, address: 0x33, next: 0x22)),
        (0x7C, GuestExit(.msr, code: 0x11, address: 0x33)),
        (0x80, GuestExit(.forbiddenInstruction, code: 0x80, address: 0x33)),
        (0x8D, GuestExit(.forbiddenInstruction, code: 0x8D, address: 0x33)),
        (0x03, GuestExit(.forbiddenInstruction, code: 0x03, address: 0x33)),
        (0x18, GuestExit(.forbiddenInstruction, code: 0x18, address: 0x33)),
        (0x20, GuestExit(.debugRegister, code: 0x20, address: 0x33)),
        (0x37, GuestExit(.debugRegister, code: 0x37, address: 0x33)),
        (.max, GuestExit(.invalidState)),
        (0xFFFF_FFFF, GuestExit(.invalidState)),
        (0x64, GuestExit(.other, code: 0x64, address: 0x33)),
        (0x401, GuestExit(.other, code: 0x401, address: 0x33)),
    ]

    @Test(arguments: cases) func decodes(code: UInt64, expected: GuestExit) {
        #expect(GuestExit(exitCode: code, info1: 0x11, info2: 0x22, instructionPointer: 0x33) == expected)
    }
}
