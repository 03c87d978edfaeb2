internal import CMachine
internal import CProbe
internal import Firmware
internal import FirmwareTables
internal import SICEABI

/// Where SMRAM is, as an attacker finds it out: RAM size from fw_cfg, TSEG size from the chipset.
struct Platform {
    let smramBase: UInt64
    let smramSize: UInt64

    /// As ``init()`` found it the first time: looking costs thousands of port accesses. Set by the attack case.
    static var found: Platform {
        get {
            Platform(smramBase: sice_read64(WorkMemory.found), smramSize: sice_read64(WorkMemory.found + 8))
        }
        set {
            sice_write64(WorkMemory.found, newValue.smramBase)
            sice_write64(WorkMemory.found + 8, newValue.smramSize)
        }
    }

    private init(smramBase: UInt64, smramSize: UInt64) {
        self.smramBase = smramBase
        self.smramSize = smramSize
    }

    init() {
        var device = PortConfigDevice()
        var end: UInt64 = 0
        let name: StaticString = "etc/e820"
        if let file = FirmwareConfig.find(name.bytes, in: &device) {
            device.select(file.key)
            for _ in 0..<min(file.size / MemoryMapEntry.encodedSize, 64) {
                let entry = MemoryMapEntry(from: &device)
                if entry.type == MemoryMapEntry.ram, entry.base == 0 { end = entry.size }
            }
        }
        smramSize = UInt64(PCIFunction.memoryController.read16(0x50)) << 20
        smramBase = end - smramSize
    }
}

/// What `INFO` says.
struct Information {
    let error: UInt64
    let version: UInt64
    let poolPages: UInt64
    let freePages: UInt64
    let cores: UInt64
    let flags: UInt64

    init() {
        let answer = Call(.info).sent()
        error = answer.error
        version = answer.registers.rbx
        poolPages = answer.registers.rcx
        freePages = answer.registers.rdx
        cores = answer.registers.rsi
        flags = answer.registers.rdi
    }
}

/// What `STATUS` says of one environment, found by its id.
struct Record {
    let state: UInt8
    let mode: UInt8
    let crashCode: UInt64
    let crashAddress: UInt64
    /// First word of the measurement: enough to tell two of them apart.
    let measurement: UInt64

    init?(of identifier: UInt64) {
        for slot in 0..<UInt64(ABI.maximumEnvironments) {
            let answer = Call(.status, slot, WorkMemory.scratch).sent()
            guard answer.error == 0, answer.registers.rbx == identifier else { continue }
            state = sice_read8(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.state))
            mode = sice_read8(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.mode))
            crashCode = sice_read64(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.crashCode))
            crashAddress = sice_read64(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.crashAddress))
            measurement = sice_read64(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.measurement))
            return
        }
        return nil
    }
}
