public import Diagnostics
internal import IsolatedImage
internal import SICEABI

/// Where everything of a bare program goes in its guest-physical memory: page tables at the bottom, the program
/// where it is linked, the stack above it between two unmapped pages.
public struct ImagePlan: Sendable {
    /// Bare programs start here, so that page tables fit below.
    static let programFloor: UInt64 = 2 << 20

    let manifest: Manifest
    let entry: UInt64
    let stackPointer: UInt64
    let pageTableRoot: UInt64
    /// In address order.
    let parts: [ImagePart]

    /// Lays out a program. Throws `elfOverlappingSegments`, `elfWritableAndExecutable`, `elfSegmentOutOfRange`.
    public init(_ program: ELFProgram, _ manifest: Manifest) throws(ToolError) {
        self.manifest = manifest
        entry = program.entry
        var programParts: [ImagePart] = []
        for segment in program.segments { programParts.append(try ImagePlan.part(for: segment)) }
        for (lower, upper) in zip(programParts, programParts.dropFirst())
        where upper.region.address < lower.region.end {
            throw ToolError(.elfOverlappingSegments, "at 0x" + String(upper.region.address, radix: 16))
        }
        let programEnd = programParts.last?.region.end ?? ImagePlan.programFloor
        // One unmapped page under the stack: an overflow crashes the program instead of reaching its data.
        let stack = ImageRegion(
            address: programEnd + ABI.pageSize, pages: manifest.stackSize / ABI.pageSize, contentPages: 0,
            permissions: Permissions.read | Permissions.write)
        stackPointer = stack.end
        let reach = manifest.windows.map { $0.address + $0.size }.reduce(stack.end, max)
        let tables = try GuestPageTables(
            mapping: programParts.map { $0.region.address..<$0.region.end } + [stack.address..<stack.end]
                + manifest.windows.map { $0.address..<($0.address + $0.size) },
            reach: reach, at: ImageLayout.addressFloor)
        pageTableRoot = ImageLayout.addressFloor
        parts =
            [tables.part] + programParts + [ImagePart(region: stack, content: [])]
    }

    /// A segment, widened to whole pages.
    private static func part(for segment: ELFProgram.Segment) throws(ToolError) -> ImagePart {
        let place = "segment at 0x" + String(segment.address, radix: 16)
        let permissions = try permissions(segment.flags, place)
        guard segment.address >= programFloor, segment.address < ImageLayout.addressLimit,
            segment.memorySize <= ImageLayout.addressLimit - segment.address
        else { throw ToolError(.elfSegmentOutOfRange, place) }
        let start = segment.address / ABI.pageSize * ABI.pageSize
        let lead = segment.address - start
        let content = [UInt8](repeating: 0, count: Int(lead)) + segment.content
        return ImagePart(
            region: ImageRegion(
                address: start, pages: pages(lead + segment.memorySize),
                contentPages: segment.content.isEmpty ? 0 : pages(UInt64(content.count)),
                permissions: permissions),
            content: segment.content.isEmpty ? [] : content)
    }

    private static func permissions(_ flags: UInt32, _ place: String) throws(ToolError) -> UInt32 {
        let (execute, write): (UInt32, UInt32) = (1, 2)  // PF_X, PF_W (System V ABI)
        guard flags & (execute | write) != execute | write else {
            throw ToolError(.elfWritableAndExecutable, place)
        }
        return Permissions.read | (flags & write != 0 ? Permissions.write : 0)
            | (flags & execute != 0 ? Permissions.execute : 0)
    }

    static func pages(_ bytes: UInt64) -> UInt64 { (bytes + ABI.pageSize - 1) / ABI.pageSize }
}
