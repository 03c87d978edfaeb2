public import GuestPolicy

extension GuestExit {
    /// Decodes the exit fields of a VMCB (AMD64 APM volume 2, appendix C).
    ///
    /// `code`, `info1` and `info2` are EXITCODE, EXITINFO1 and EXITINFO2; `instructionPointer` is the guest's.
    public init(exitCode code: UInt64, info1: UInt64, info2: UInt64, instructionPointer: UInt64) {
        switch code {
        case 0x81: self.init(.vmmcall)
        case 0x60...0x63: self.init(.hostInterrupt)  // INTR, NMI, SMI, INIT
        case 0x4E: self.init(.exception, code: 14, address: info2)  // page fault: info2 is CR2
        case 0x40...0x5F: self.init(.exception, code: code - 0x40, address: instructionPointer)
        case 0x400: self.init(.nestedPageFault, code: info1, address: info2)
        case 0x7F: self.init(.shutdown, address: instructionPointer)
        case 0x72: self.init(.cpuid, address: instructionPointer)
        case 0x78: self.init(.hlt, address: instructionPointer)
        case 0x7B: self.init(.ioio, code: info1, address: instructionPointer, next: info2)
        case 0x7C: self.init(.msr, code: info1, address: instructionPointer)
        case 0x20...0x3F: self.init(.debugRegister, code: code, address: instructionPointer)
        // Control registers, descriptor tables, RSM, IRET, INT n, INVD, INVLPG, SVM instructions,
        // MONITOR … XSETBV, RDPRU.
        case 0x00...0x1F, 0x65...0x7E, 0x80, 0x82...0x8F:
            self.init(.forbiddenInstruction, code: code, address: instructionPointer)
        // −1; QEMU stores only the low half.
        case 0xFFFF_FFFF, .max: self.init(.invalidState)
        default: self.init(.other, code: code, address: instructionPointer)
        }
    }
}
