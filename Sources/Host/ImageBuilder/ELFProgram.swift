internal import CELF
public import Diagnostics
internal import SICEABI

/// The loadable parts of a static x86 executable: the one reader of ELF files, whatever they are for.
public struct ELFProgram: Equatable, Sendable {
    /// Where a program is to run, and so what it must be.
    public enum Purpose: Sendable {
        /// In an isolated environment: 64-bit.
        case isolated
        /// Started as coreboot starts payloads, in 32-bit mode, from the addresses that it is loaded to. A 64-bit file
        /// will do: payloads that change to 64-bit mode themselves are linked so.
        case payload
    }

    /// A PT_LOAD program header and its content.
    public struct Segment: Equatable, Sendable {
        /// p_vaddr; of a payload p_paddr.
        public var address: UInt64
        public var memorySize: UInt64
        public var content: [UInt8]
        /// PF_R, PF_W, PF_X.
        public var flags: UInt32
    }

    public var entry: UInt64
    /// In ascending order of address.
    public var segments: [Segment]

    /// Parses an ELF file. Throws `notAnELF`, `elfTruncated`, `elfWrongMachine`, `elfInconsistent`, `elfNoSegments`,
    /// `elfSegmentOutOfRange`.
    public init(_ bytes: [UInt8], for purpose: Purpose = .isolated) throws(ToolError) {
        let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
        guard bytes.starts(with: magic.prefix(bytes.count)) else { throw ToolError(.notAnELF) }
        let is64Bit = bytes.count > EI_CLASS && bytes[Int(EI_CLASS)] == ELFCLASS64
        guard bytes.count >= (is64Bit ? MemoryLayout<Elf64_Ehdr>.size : MemoryLayout<Elf32_Ehdr>.size) else {
            throw ToolError(.elfTruncated, "file header")
        }
        guard elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE) else {
            throw ToolError(.internalFailure, "libelf is of another version")
        }
        var copy = bytes
        let parsed = unsafe copy.withUnsafeMutableBytes { buffer in
            unsafe ELFProgram.parse(buffer, file: bytes, purpose)
        }
        self = try parsed.get()
        guard !segments.isEmpty else { throw ToolError(.elfNoSegments) }
        segments.sort { $0.address < $1.address }
    }

    private init(entry: UInt64, segments: [Segment]) {
        self.entry = entry
        self.segments = segments
    }

    private static func parse(
        _ image: UnsafeMutableRawBufferPointer, file: [UInt8], _ purpose: Purpose
    ) -> Result<ELFProgram, ToolError> {
        let memory = unsafe image.assumingMemoryBound(to: CChar.self)
        guard let elf = unsafe elf_memory(memory.baseAddress, memory.count) else {
            return .failure(ToolError(.notAnELF))
        }
        defer { unsafe elf_end(elf) }
        do throws(ToolError) {
            var header = GElf_Ehdr()
            guard unsafe gelf_getehdr(elf, &header) != nil else {
                throw ToolError(.elfTruncated, "file header")
            }
            try header.requireMachine(for: purpose)
            try header.requireConsistency(fileSize: file.count)
            var program = ELFProgram(entry: header.e_entry, segments: [])
            for index in 0..<Int(header.e_phnum) {
                var entry = GElf_Phdr()
                guard unsafe gelf_getphdr(elf, Int32(index), &entry) != nil else {
                    throw ToolError(.elfTruncated, "program headers")
                }
                if let segment = try segment(entry, file: file, purpose) { program.segments.append(segment) }
            }
            return .success(program)
        } catch { return .failure(error) }
    }

    private static func segment(
        _ header: GElf_Phdr, file: [UInt8], _ purpose: Purpose
    ) throws(ToolError) -> Segment? {
        // A program that needs a loader inside the environment cannot be measured as a whole. A payload may move itself.
        guard header.p_type != PT_INTERP, header.p_type != PT_DYNAMIC || purpose == .payload else {
            throw ToolError(.elfWrongMachine, "dynamically linked")
        }
        guard header.p_type == PT_LOAD else { return nil }
        let address = purpose == .payload ? header.p_paddr : header.p_vaddr
        let place = "segment at 0x" + String(address, radix: 16)
        let (end, overflow) = header.p_offset.addingReportingOverflow(header.p_filesz)
        guard !overflow, end <= UInt64(file.count) else { throw ToolError(.elfTruncated, place) }
        // Also where it takes no memory at all: its bytes would be left out without a word.
        guard header.p_filesz <= header.p_memsz else {
            throw ToolError(
                .elfInconsistent,
                "\(place): \(header.p_filesz) bytes in the file, \(header.p_memsz) in memory")
        }
        guard header.p_memsz > 0 else { return nil }
        // What coreboot's format for payloads holds in 32 bits may not wrap there.
        guard purpose == .isolated || (address < 1 << 32 && header.p_memsz <= 1 << 32 - address) else {
            throw ToolError(.elfSegmentOutOfRange, "\(place), which a payload has below 4 GiB")
        }
        return Segment(
            address: address, memorySize: header.p_memsz,
            content: Array(file[Int(header.p_offset)..<Int(end)]), flags: header.p_flags)
    }
}
