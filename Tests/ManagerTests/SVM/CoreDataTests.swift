import CMachine
import Foundation
import SICEABI
import Testing

/// Assembly has its own copy of these numbers.
@Suite struct CoreDataTests {
    /// Each name of `core_data.h` with its value, and what it is in Swift.
    static let numbers: [(name: String, assembly: Int, swift: Int)] = [
        ("CORE_DATA_HOST_FPU", Int(CORE_DATA_HOST_FPU), CoreDataLayout.hostFPU),
        ("CORE_DATA_TABLE_POINTER", Int(CORE_DATA_TABLE_POINTER), CoreDataLayout.tablePointer),
        ("CORE_DATA_DESCRIPTOR_TABLE", Int(CORE_DATA_DESCRIPTOR_TABLE), CoreDataLayout.descriptorTable),
        ("CORE_DATA_BLOCK_ADDRESS", Int(CORE_DATA_BLOCK_ADDRESS), CoreDataLayout.blockAddress),
        ("CORE_DATA_FAULT_DEPTH", Int(CORE_DATA_FAULT_DEPTH), CoreDataLayout.faultDepth),
        ("CORE_DATA_SWITCHED", Int(CORE_DATA_SWITCHED), CoreDataLayout.switched),
        ("CORE_DATA_HOST_CR2", Int(CORE_DATA_HOST_CR2), CoreDataLayout.hostCR2),
        ("CORE_DATA_HOST_HSAVE", Int(CORE_DATA_HOST_HSAVE), CoreDataLayout.hostHSAVE),
        ("CORE_DATA_CORE", Int(CORE_DATA_CORE), CoreDataLayout.core),
        ("CORE_DATA_INSIDE", Int(CORE_DATA_INSIDE), CoreDataLayout.inside),
        ("CORE_DATA_ISOLATED", Int(CORE_DATA_ISOLATED), CoreDataLayout.isolated),
        ("CORE_DATA_ATTENTION", Int(CORE_DATA_ATTENTION), CoreDataLayout.attention),
        (
            "CORE_DATA_HOST_EXTENDED_CONTROL", Int(CORE_DATA_HOST_EXTENDED_CONTROL),
            CoreDataLayout.hostExtendedControl
        ),
        (
            "CORE_DATA_HOST_PROTECTION_KEYS", Int(CORE_DATA_HOST_PROTECTION_KEYS),
            CoreDataLayout.hostProtectionKeys
        ),
        ("CORE_DATA_HAS_LINUX_STATE", Int(CORE_DATA_HAS_LINUX_STATE), CoreDataLayout.hasLinuxState),
        ("BLOCK_SIZE", Int(CMachine.BLOCK_SIZE), Int(SMRAMLayout.coreBlockStride)),
        ("BLOCK_STACK_TOP", Int(BLOCK_STACK_TOP), Int(SMRAMLayout.stackTop)),
        ("BLOCK_HSAVE", Int(BLOCK_HSAVE), Int(SMRAMLayout.hsavePage)),
        ("BLOCK_ENTRY", Int(BLOCK_ENTRY), Int(SMRAMLayout.entryPage)),
        ("BLOCK_HOST_STATE", Int(BLOCK_HOST_STATE), Int(SMRAMLayout.hostStatePage)),
        ("BLOCK_CORE_DATA", Int(BLOCK_CORE_DATA), Int(SMRAMLayout.coreDataPage)),
        ("BLOCK_SAVED_CR0", Int(BLOCK_SAVED_CR0), Int(SMRAMLayout.saveStatePage + 0xF58)),
        ("BLOCK_SAVED_RAX", Int(BLOCK_SAVED_RAX), Int(SMRAMLayout.saveStatePage + 0xFF8)),
        ("STUB_ENTRY64", Int(STUB_ENTRY64), StubParametersLayout.entry64),
        ("STUB_STACK_TOP", Int(STUB_STACK_TOP), StubParametersLayout.stackTop),
        ("STUB_PAGE_TABLE_ROOT", Int(STUB_PAGE_TABLE_ROOT), StubParametersLayout.pageTableRoot),
        ("STUB_EFER", Int(STUB_EFER), StubParametersLayout.efer),
        ("STUB_CORE", Int(STUB_CORE), StubParametersLayout.core),
        ("STUB_SMRAM_BASE", Int(STUB_SMRAM_BASE), StubParametersLayout.smramBase),
        ("STUB_SMRAM_SIZE", Int(STUB_SMRAM_SIZE), StubParametersLayout.smramSize),
        ("STUB_BLOCK_ADDRESS", Int(STUB_BLOCK_ADDRESS), StubParametersLayout.blockAddress),
        ("STUB_TABLE_POINTER", Int(STUB_TABLE_POINTER) + 2, StubParametersLayout.tablePointerBase),
        ("STUB_LONG_MODE_TARGET", Int(STUB_LONG_MODE_TARGET), StubParametersLayout.longModeTarget),
        ("STUB_NO_INTERRUPTS", Int(STUB_NO_INTERRUPTS), StubParametersLayout.noInterrupts),
    ]

    @Test(arguments: numbers.map(\.name))
    func assemblyAgrees(_ name: String) throws {
        let number = try #require(Self.numbers.first { $0.name == name })
        #expect(number.assembly == number.swift)
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func text(of name: String) throws -> String {
        try String(contentsOf: Self.root.appending(path: name), encoding: .utf8)
    }

    /// Names and values that a header defines.
    private func definitions(in header: String) throws -> [(name: String, value: String)] {
        try text(of: header).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count == 3 && words[0] == "#define" ? (String(words[1]), String(words[2])) : nil
        }
    }

    /// A number that is added to the header without a line above.
    @Test func everyNumberIsCompared() throws {
        let names = try definitions(in: "Sources/Machine/CMachine/include/core_data.h").map(\.name)
        #expect(names.sorted() == Self.numbers.map(\.name).sorted())
        #expect(Set(names).count == names.count)
    }

    /// `rsm.h` has assembly in it, which Swift cannot import.
    @Test func assemblyAgreesOnTheSaveState() throws {
        let numbers = try definitions(in: "Sources/Machine/CMachine/include/rsm.h")
        #expect(numbers.map(\.name) == ["SAVED_CR0"])
        #expect(numbers.map(\.value) == [hexadecimal(SMRAMLayout.saveStatePage + 0xF58)])
    }

    /// C has memory for each environment, and takes a slot beyond it for another one.
    @Test func storageAgreesOnEnvironments() throws {
        let numbers = try definitions(in: "smm/CManager/include/manager.h")
        let environments = numbers.first { $0.name == "SICE_ENVIRONMENTS" }
        #expect(environments?.value == String(ABI.maximumEnvironments))
    }

    /// The way of a fault within a fault answers a request by itself.
    @Test func assemblyAgreesOnRequestAndAnswer() throws {
        let text = try text(of: "smm/CManager/entry.S")
        let answer = ABI.responseMagic | UInt64(ErrorCode.managerFault.rawValue)
        let numbers = text.split(separator: "\n").filter { $0.contains("movabsq") }
            .compactMap { $0.split(separator: "$").last?.split(separator: ",").first }
        #expect(numbers.map(String.init) == [hexadecimal(ABI.requestMagic), hexadecimal(answer)])
    }

    private func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return "0x" + digits
    }
}
