internal import CMachine
internal import CProbe
internal import Firmware
internal import SICEABI

/// What the payload costs, in instructions; means something only under -icount, where RDTSC counts them.
enum BootCase {
    /// coreboot's name for the last moment before the payload runs: TS_SELFBOOT_JUMP.
    private static let payloadStart: UInt32 = 99
    private static let timestamps: UInt32 = 0x16

    /// `now` is the probe's first look at the clock. The ROM's way out and the probe's way in, clearing their own
    /// memory, count as the payload's.
    static func run(now: UInt64, table: UInt64, _ results: inout Results) {
        guard let start = start(table) else {
            results.check("boot", "timestamp", expected: 1, found: 0)
            return
        }
        results.metric("boot.instructions", now - start, unit: "instructions")
        results.metric("boot.smram_bytes", Platform().smramSize, unit: "bytes")
        let size: UInt64 = 1 << 20
        var clearing = UInt64.max
        var hashing = UInt64.max
        for _ in 0..<3 {
            let before = sice_rdtsc()
            sice_clear_words(WorkMemory.image, size / 8)
            clearing = min(clearing, sice_rdtsc() - before)
            let data = unsafe UnsafeRawPointer(bitPattern: UInt(WorkMemory.image))
            hashing = min(hashing, unsafe probe_time_sha256(data, size))
        }
        results.metric("boot.clear_mebibyte", clearing, unit: "instructions")
        results.metric("boot.hash_mebibyte", hashing, unit: "instructions")
    }

    /// When firmware jumped into the payload, from coreboot's time stamps (coreboot: timestamp_serialized.h): u64
    /// base, u16, u16, u32 count, then (u32 identifier, u64 time since the base).
    private static func start(_ table: UInt64) -> UInt64? {
        guard let stamps = record(timestamps, of: table) else { return nil }
        for index in 0..<UInt64(min(sice_read32(stamps + 12), 64)) {
            let entry = stamps + 16 + index * 12
            if sice_read32(entry) == payloadStart { return sice_read64(stamps) &+ sice_read64(entry + 4) }
        }
        return nil
    }

    /// The address in a record of the coreboot table.
    private static func record(_ tag: UInt32, of table: UInt64) -> UInt64? {
        let end = table + 24 + UInt64(sice_read32(table + 12))
        var record = table + 24
        while record + 16 <= end {
            if sice_read32(record) == tag { return sice_read64(record + 8) }
            record += UInt64(max(sice_read32(record + 4), 8))
        }
        return nil
    }
}
