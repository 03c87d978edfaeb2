public import Diagnostics
internal import ImageBuilder
internal import Installation
internal import SICEABI

/// The security manager as it was built: `manager.elf`, which holds what runs and says where its fixed memory is.
public struct ManagerFile: Sendable {
    /// The flat image, as it lies in the ROM.
    let content: [UInt8]
    let image: ManagerImage
    /// Offsets in the image of what VMRUN uses.
    package let fixed: FixedMemory

    /// Offsets in the manager's image.
    package struct FixedMemory: Sendable {
        /// One VMCB a slot.
        package var controlBlocks: UInt64
        /// The I/O permission map, 12 KiB of ones, which is a bare program's MSR permission map as well.
        package var permissionMap: UInt64
        /// A Linux guest's MSR permission map.
        package var msrMap: UInt64

        package init(controlBlocks: UInt64, permissionMap: UInt64, msrMap: UInt64) {
            self.controlBlocks = controlBlocks
            self.permissionMap = permissionMap
            self.msrMap = msrMap
        }
    }

    /// Reads `manager.elf`. Throws as ``ImageBuilder/ELFProgram``, and `managerUnusable` when it is a program of another kind.
    public init(_ elf: [UInt8]) throws(ToolError) {
        let program = try ELFProgram(elf)
        let symbols = try ELFSymbols(elf)
        var content: [UInt8] = []
        for segment in program.segments {
            guard segment.address >= ManagerImageLayout.virtualBase,
                segment.address - ManagerImageLayout.virtualBase
                    <= UInt64(ManagerImageLayout.maximumMemorySize),
                segment.content.count <= ManagerImageLayout.maximumFileSize
            else { throw ToolError(.managerUnusable, "a segment lies outside of the manager's image") }
            guard !segment.content.isEmpty else { continue }
            let offset = Int(segment.address - ManagerImageLayout.virtualBase)
            guard offset >= content.count else {
                throw ToolError(.managerUnusable, "segments overlap")
            }
            content += [UInt8](repeating: 0, count: offset - content.count) + segment.content
        }
        func offset(_ name: String) throws(ToolError) -> UInt64 {
            guard let address = symbols[name], address >= ManagerImageLayout.virtualBase else {
                throw ToolError(.managerUnusable, "no symbol \(name)")
            }
            return address - ManagerImageLayout.virtualBase
        }
        try self.init(
            content: content,
            fixed: FixedMemory(
                controlBlocks: offset("sice_control_blocks"), permissionMap: offset("sice_permission_bytes"),
                msrMap: offset("sice_linux_msr_bytes")))
    }

    /// Throws `managerUnusable` when the content is no manager, or its memory has no room for what shall lie there.
    package init(content: [UInt8], fixed: FixedMemory) throws(ToolError) {
        do throws(ErrorCode) { image = try ManagerImage(content.span) } catch {
            throw ToolError(.managerUnusable, "its header is none of a manager")
        }
        let memory = UInt64(image.memorySize)
        let sizes = [
            (fixed.controlBlocks, UInt64(ABI.maximumEnvironments) * ABI.pageSize),
            (fixed.permissionMap, VMRUNMemory.permissionMapSize), (fixed.msrMap, VMRUNMemory.msrMapSize),
        ]
        guard sizes.allSatisfy({ $0 % ABI.pageSize == 0 && $0 <= memory && $1 <= memory - $0 }) else {
            throw ToolError(.managerUnusable, "its fixed memory lies outside of its image")
        }
        self.content = content
        self.fixed = fixed
    }
}
