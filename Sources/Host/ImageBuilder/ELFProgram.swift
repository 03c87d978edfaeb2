internal import CELF
public import Diagnostics
internal import SICEABI

/// The loadable parts of a static x86-64 executable.
public struct ELFProgram: Equatable, Sendable {
    /// A PT_LOAD program header and its content.
    public struct Segment: Equatable, Sendable {
        public var address: UInt64
        public var memorySize: UInt64
        public var content: [UInt8]
        /// PF_R, PF_W, PF_X.
        public var flags: UInt32
    }

    public var entry: UInt64
    /// In ascending order of address.
    public var segments: [Segment]

    /// Parses an ELF file. Throws `notAnELF`, `elfTruncated`, `elfWrongMachine`, `elfNoSegments`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        guard bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else {
            throw ToolError(bytes.count < 4 ? .elfTruncated : .notAnELF)
        }
        guard bytes.count >= MemoryLayout<Elf64_Ehdr>.size else {
            throw ToolError(.elfTruncated, "file header")
        }
        guard elf_version(UInt32(EV_CURRENT)) != UInt32(EV_NONE) else {
            throw ToolError(.internalFailure, "libelf is of another version")
        }
        var copy = bytes
        let parsed = unsafe copy.withUnsafeMutableBytes { buffer in
            unsafe ELFProgram.parse(buffer, file: bytes)
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
        _ image: UnsafeMutableRawBufferPointer, file: [UInt8]
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
            try check(header)
            var program = ELFProgram(entry: header.e_entry, segments: [])
            let count = Int(header.e_phnum)
            guard Int(header.e_phoff) + count * MemoryLayout<Elf64_Phdr>.size <= file.count else {
                throw ToolError(.elfTruncated, "program headers")
            }
            for index in 0..<count {
                var entry = GElf_Phdr()
                guard unsafe gelf_getphdr(elf, Int32(index), &entry) != nil else {
                    throw ToolError(.elfTruncated, "program headers")
                }
                if let segment = try segment(entry, file: file) { program.segments.append(segment) }
            }
            return .success(program)
        } catch { return .failure(error) }
    }

    private static func check(_ header: GElf_Ehdr) throws(ToolError) {
        guard header.e_ident.4 == ELFCLASS64, header.e_ident.5 == ELFDATA2LSB,
            header.e_machine == EM_X86_64
        else { throw ToolError(.elfWrongMachine) }
        guard header.e_type == ET_EXEC else { throw ToolError(.elfWrongMachine, "not a static executable") }
        guard header.e_phoff <= UInt64(Int32.max) else { throw ToolError(.elfTruncated, "program headers") }
    }

    private static func segment(_ header: GElf_Phdr, file: [UInt8]) throws(ToolError) -> Segment? {
        // A program that needs a loader inside the environment cannot be measured as a whole.
        guard header.p_type != PT_INTERP, header.p_type != PT_DYNAMIC else {
            throw ToolError(.elfWrongMachine, "dynamically linked")
        }
        guard header.p_type == PT_LOAD, header.p_memsz > 0 else { return nil }
        let (end, overflow) = header.p_offset.addingReportingOverflow(header.p_filesz)
        guard !overflow, end <= UInt64(file.count) else { throw ToolError(.elfTruncated, describe(header)) }
        guard header.p_filesz <= header.p_memsz else {
            throw ToolError(.elfSegmentOutOfRange, describe(header))
        }
        return Segment(
            address: header.p_vaddr, memorySize: header.p_memsz,
            content: Array(file[Int(header.p_offset)..<Int(end)]), flags: header.p_flags)
    }

    private static func describe(_ header: GElf_Phdr) -> String {
        "segment at 0x" + String(header.p_vaddr, radix: 16)
    }
}
