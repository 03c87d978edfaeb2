import CMachine
import SICEABI
import Testing

/// Assembly has its own copy of these numbers.
@Suite struct CoreDataTests {
    @Test func assemblyAgreesOnCoreData() {
        #expect(Int(CORE_DATA_HOST_FPU) == CoreDataLayout.hostFPU)
        #expect(Int(CORE_DATA_TABLE_POINTER) == CoreDataLayout.tablePointer)
        #expect(Int(CORE_DATA_DESCRIPTOR_TABLE) == CoreDataLayout.descriptorTable)
        #expect(Int(CORE_DATA_BLOCK_ADDRESS) == CoreDataLayout.blockAddress)
        #expect(Int(CORE_DATA_FAULT_DEPTH) == CoreDataLayout.faultDepth)
        #expect(Int(CORE_DATA_SWITCHED) == CoreDataLayout.switched)
        #expect(Int(CORE_DATA_HOST_CR2) == CoreDataLayout.hostCR2)
        #expect(Int(CORE_DATA_HOST_HSAVE) == CoreDataLayout.hostHSAVE)
        #expect(Int(CORE_DATA_CORE) == CoreDataLayout.core)
        #expect(Int(CORE_DATA_INSIDE) == CoreDataLayout.inside)
        #expect(Int(CORE_DATA_ISOLATED) == CoreDataLayout.isolated)
        #expect(Int(CORE_DATA_ATTENTION) == CoreDataLayout.attention)
        #expect(Int(CORE_DATA_HOST_EXTENDED_CONTROL) == CoreDataLayout.hostExtendedControl)
        #expect(Int(CORE_DATA_HOST_PROTECTION_KEYS) == CoreDataLayout.hostProtectionKeys)
        #expect(Int(CORE_DATA_HAS_LINUX_STATE) == CoreDataLayout.hasLinuxState)
    }

    @Test func assemblyAgreesOnBlocks() {
        #expect(UInt64(BLOCK_SIZE) == SMRAMLayout.coreBlockStride)
        #expect(UInt64(BLOCK_STACK_TOP) == SMRAMLayout.stackTop)
        #expect(UInt64(BLOCK_HSAVE) == SMRAMLayout.hsavePage)
        #expect(UInt64(BLOCK_ENTRY) == SMRAMLayout.entryPage)
        #expect(UInt64(BLOCK_HOST_STATE) == SMRAMLayout.hostStatePage)
        #expect(UInt64(BLOCK_CORE_DATA) == SMRAMLayout.coreDataPage)
        #expect(UInt64(BLOCK_SAVED_CR0) == SMRAMLayout.saveStatePage + 0xF58)
        #expect(UInt64(BLOCK_SAVED_RAX) == SMRAMLayout.saveStatePage + 0xFF8)
    }

    @Test func assemblyAgreesOnStubParameters() {
        #expect(Int(STUB_ENTRY64) == StubParametersLayout.entry64)
        #expect(Int(STUB_STACK_TOP) == StubParametersLayout.stackTop)
        #expect(Int(STUB_PAGE_TABLE_ROOT) == StubParametersLayout.pageTableRoot)
        #expect(Int(STUB_FEATURES) == StubParametersLayout.features)
        #expect(Int(STUB_CORE) == StubParametersLayout.core)
        #expect(Int(STUB_SMRAM_BASE) == StubParametersLayout.smramBase)
        #expect(Int(STUB_SMRAM_SIZE) == StubParametersLayout.smramSize)
        #expect(Int(STUB_BLOCK_ADDRESS) == StubParametersLayout.blockAddress)
        #expect(Int(STUB_TABLE_POINTER) + 2 == StubParametersLayout.tablePointerBase)
        #expect(Int(STUB_LONG_MODE_TARGET) == StubParametersLayout.longModeTarget)
        #expect(Int(STUB_NO_INTERRUPTS) == StubParametersLayout.noInterrupts)
    }
}
