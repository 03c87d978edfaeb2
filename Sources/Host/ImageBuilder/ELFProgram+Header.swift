internal import CELF
internal import Diagnostics
internal import SICEABI

extension GElf_Ehdr {
    private var is64Bit: Bool { e_ident.4 == ELFCLASS64 }

    /// Throws `elfWrongMachine`, with what the file is for.
    func requireMachine(for purpose: ELFProgram.Purpose) throws(ToolError) {
        let is64Bit = is64Bit && e_machine == EM_X86_64
        let is32Bit = e_ident.4 == ELFCLASS32 && e_machine == EM_386
        guard e_ident.5 == ELFDATA2LSB, is64Bit || (is32Bit && purpose == .payload) else {
            throw ToolError(.elfWrongMachine, "it is for \(machineText)")
        }
        guard e_type == ET_EXEC || (e_type == ET_DYN && purpose == .payload) else {
            throw ToolError(.elfWrongMachine, "not a static executable")
        }
    }

    /// As people call it; the number where they would not.
    private var machineText: String {
        let names = [
            EM_386: "i386", EM_X86_64: "x86-64", EM_ARM: "ARM", EM_AARCH64: "AArch64", EM_RISCV: "RISC-V",
            EM_PPC64: "POWER",
        ]
        let name = names[Int32(e_machine)] ?? "machine number \(e_machine)"
        let order = e_ident.5 == ELFDATA2LSB ? "" : ", big-endian"
        return "\(name), \(e_ident.4 == ELFCLASS64 ? 64 : 32)-bit\(order)"
    }

    /// Sizes that readers of this file might take either from it or from the format must be the format's. Throws
    /// `elfInconsistent`, `elfTruncated`.
    func requireConsistency(fileSize: Int) throws(ToolError) {
        let headerSize = is64Bit ? MemoryLayout<Elf64_Ehdr>.size : MemoryLayout<Elf32_Ehdr>.size
        let entrySize = is64Bit ? MemoryLayout<Elf64_Phdr>.size : MemoryLayout<Elf32_Phdr>.size
        try require(e_version == UInt32(EV_CURRENT) && e_ident.6 == EV_CURRENT, "version \(e_version)")
        try require(Int(e_ehsize) == headerSize, "e_ehsize \(e_ehsize), which must be \(headerSize)")
        guard e_phnum > 0 else { return }
        try require(e_phnum < PN_XNUM, "e_phnum \(e_phnum)")
        try require(Int(e_phentsize) == entrySize, "e_phentsize \(e_phentsize), which must be \(entrySize)")
        try require(e_phoff >= UInt64(headerSize), "e_phoff \(e_phoff), which is inside the file header")
        guard e_phoff <= UInt64(Int32.max), Int(e_phoff) + Int(e_phnum) * entrySize <= fileSize else {
            throw ToolError(.elfTruncated, "program headers")
        }
    }

    private func require(_ condition: Bool, _ what: String) throws(ToolError) {
        guard condition else { throw ToolError(.elfInconsistent, what) }
    }
}
