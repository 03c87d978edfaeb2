internal import CMachine
internal import Firmware
internal import SICEABI

/// SMRAM from outside: every page reads as 0xFF, writes do nothing, and the manager does not notice them.
enum SMRAMCase {
    static func run(_ results: inout Results) {
        let platform = Platform()
        results.check("smram", "size", platform.smramSize >= 16 << 20)
        results.check("smram", "read", expected: 0, found: readable(platform))
        var offset: UInt64 = 0
        while offset < platform.smramSize {
            sice_write32(platform.smramBase + offset, 0xCCCC_CCCC)
            sice_write32(platform.smramBase + offset + 4092, 0xCCCC_CCCC)
            offset += 4096
        }
        results.check("smram", "readAfterWrite", expected: 0, found: readable(platform))
        results.check("smram", "managerAlive", expected: 0, found: Information().error)
        openAndRead(platform, &results)
    }

    /// How many sampled words of SMRAM do not read as all ones.
    private static func readable(_ platform: Platform) -> UInt64 {
        var found: UInt64 = 0
        var offset: UInt64 = 0
        while offset < platform.smramSize - 8 {
            // 32 bits at a time: the chipset's model does not answer wider ones, and zeros would prove nothing.
            if sice_read32(platform.smramBase + offset) != UInt32.max { found += 1 }
            offset += 2040  // twice a page, at changing places
        }
        return found
    }

    /// The registers that would open SMRAM are frozen.
    private static func openAndRead(_ platform: Platform, _ results: inout Results) {
        let mch = PCIFunction.memoryController
        let control = mch.read8(0x9D)
        mch.write8(0x9D, 0x4A)
        results.check("smram", "control", expected: UInt64(control), found: UInt64(mch.read8(0x9D)))
        let extended = mch.read8(0x9E)
        mch.write8(0x9E, 0)
        results.check("smram", "extended", expected: UInt64(extended), found: UInt64(mch.read8(0x9E)))
        mch.write16(0x50, 1)
        results.check("smram", "readAfterOpening", expected: 0, found: readable(platform))
    }
}
