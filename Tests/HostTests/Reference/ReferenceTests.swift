import Diagnostics
import Fixtures
import OpenSSLCrypto
import Reference
import SICEABI
import Testing

@Suite struct ReferenceTests {
    private func reference(_ rom: SampleROM, smramSize: UInt64 = 64 << 20) throws(ToolError)
        -> ReferenceValues
    {
        try ReferenceValues(ROM(rom.bytes, path: "rom"), smramSize: smramSize, images: [])
    }

    private func code(_ rom: [UInt8]) -> ErrorCode? {
        do throws(ToolError) {
            _ = try ReferenceValues(ROM(rom, path: "rom"), smramSize: 64 << 20, images: [])
            return nil
        } catch { return error.code }
    }

    @Test func events_areThoseOfROMAndPayloadInOrder() throws {
        let rom = SampleROM()
        let reference = try reference(rom)
        #expect(
            reference.events.map(\.name) == [
                "FMAP: FMAP", "CBFS: bootblock", "CBFS: fallback/payload", "sice/manager", "sice/config",
                "sice/report-key", "sice/next",
            ])
        #expect(reference.events.map(\.pcr) == [2, 2, 2, 4, 5, 5, 4])
        #expect(reference.events[0].digest == SHA256.hash(Array(rom.bytes[..<0x1000])))
        #expect(reference.events[1].digest == SHA256.hash([4, 4, 4, 4]))
        #expect(reference.events[2].digest == SHA256.hash([1, 1, 1]))
        #expect(reference.events[3].digest == SHA256.hash([2, 2]))
        #expect(reference.events[5].digest == nil)
        #expect(reference.events[6].digest == SHA256.hash([3]))
        #expect(reference.managerDigest == SHA256.hash([2, 2]))
    }

    @Test func configuration_isMeasured() throws {
        // "SICECFG1", 64 MiB, stand-in ROM, ABI version 1 (`BootConfigurationLayout`).
        let bytes: [UInt8] =
            Array("SICECFG1".utf8) + [0, 0, 0, 4, 0, 0, 0, 0] + [2, 0, 0, 0] + [1, 0, 0, 0]
        #expect(try reference(SampleROM()).events[4].digest == SHA256.hash(bytes))
        var insecure = SampleROM()
        insecure.files.append(("sice/insecure", [0x31]))
        let other = try reference(insecure).events[4].digest
        #expect(other == SHA256.hash(bytes[..<16] + [3, 0, 0, 0] + bytes[20...]))
        #expect(try reference(SampleROM(), smramSize: 128 << 20).events[4].digest != SHA256.hash(bytes))
    }

    @Test func workload_isMeasuredBeforeNext() throws {
        var rom = SampleROM()
        rom.files.append(("sice/workload", [9]))
        let events = try reference(rom).events
        #expect(events.map(\.name).suffix(2) == ["sice/workload", "sice/next"])
        #expect(events[6].digest == SHA256.hash([9]))
    }

    @Test(arguments: ["fallback/payload", "sice/manager", "sice/next", "bootblock"])
    func reject_missingFile(_ name: String) {
        var rom = SampleROM()
        rom.files.removeAll { $0.name == name }
        #expect(code(rom.bytes) == .romFileMissing)
    }

    @Test func corebootStages_areMeasuredInTheOrderTheyRun() throws {
        var rom = SampleROM()
        rom.stages = ["fallback/ramstage": [5], "fallback/romstage": [6], "fallback/postcar": [7]]
        let events = try reference(rom).events
        #expect(
            events.map(\.name).prefix(6) == [
                "FMAP: FMAP", "CBFS: bootblock", "CBFS: fallback/romstage", "CBFS: fallback/postcar",
                "CBFS: fallback/ramstage", "CBFS: fallback/payload",
            ])
        #expect(events[2].digest == SHA256.hash([6]))
        // "SICECFG1", 64 MiB, no flag: not the stand-in ROM.
        let bytes: [UInt8] = Array("SICECFG1".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]
        #expect(events[7].digest == SHA256.hash(bytes))
    }

    /// The signature alone is no map, nor are maps of other sizes and versions; of two maps the one that says where it
    /// lies is coreboot's.
    @Test func flashMap_isFoundBehindWhatOnlyLooksLikeOne() throws {
        let map = Array(SampleROM().bytes.prefix(0x1000))
        let rest = Array(SampleROM().bytes.dropFirst(0x1000))
        /// The map at 0x800, where its own area begins then, and something else at 0.
        func rom(_ decoy: [UInt8]) -> [UInt8] {
            var moved = Array(map.prefix(0x800))
            moved.replaceSubrange(56..<60, with: [0, 8, 0, 0])
            moved.replaceSubrange(60..<64, with: [0, 8, 0, 0])
            return decoy + [UInt8](repeating: 0xFF, count: 0x800 - decoy.count) + moved + rest
        }
        let signature = Array("__FMAP__".utf8)
        let code = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 19) }
        let header = Array(map.prefix(140))
        func changed(_ offset: Int, _ value: UInt8) -> [UInt8] {
            var bytes = header
            bytes[offset] = value
            return bytes
        }
        let expected = try ReferenceValues(
            ROM(rom([]), path: "rom"), smramSize: 64 << 20, images: []
        ).events
        for decoy in [
            signature, signature + code, signature + [1, 1] + code,
            signature + [UInt8](repeating: 0, count: 200),
            changed(8, 2), changed(21, 0x6F), changed(22, 7), changed(64, 0x20), changed(54, 0),
            changed(55, 0xFF),
            header,
        ] {
            let values = try ReferenceValues(ROM(rom(decoy), path: "rom"), smramSize: 64 << 20, images: [])
            #expect(values.events.dropFirst() == expected.dropFirst(), "\(decoy.prefix(24))")
        }
    }

    @Test func reject_whatIsNoROM() {
        #expect(code([]) == .romNoFlashMap)
        #expect(code([UInt8](repeating: 0xFF, count: 0x4000)) == .romNoFlashMap)
        #expect(code(Array(SampleROM().bytes[..<60])) == .romTruncated)
        #expect(code(Array(SampleROM().bytes[..<0x2000])) == .romTruncated)
        #expect(code(SampleROM().bytes + [0, 0]) == .romOversized)
        var rom = SampleROM()
        rom.areaName = "OTHER"
        #expect(code(rom.bytes) == .romNoFileSystem)
        rom = SampleROM()
        rom.fileSystemSize = 0x4000
        #expect(code(rom.bytes) == .romAreaOutside)
        rom = SampleROM()
        rom.files = []
        #expect(code(rom.bytes) == .romNoFileSystem)
    }

    @Test func reject_damagedFileSystem() {
        var bytes = SampleROM().bytes
        bytes[0x1000 + 8] = 0x7F  // size of the first file: beyond the area
        #expect(code(bytes) == .romFileSystemDamaged)
        bytes = SampleROM().bytes
        bytes[0x1000 + 11] = 65  // reaches into the second file
        #expect(code(bytes) == .romFileSystemDamaged)
        bytes = SampleROM().bytes
        bytes[0x1000] = 0  // no header any more, but the file's bytes are there
        #expect(code(bytes) == .romFileSystemDamaged)
    }
}

extension SHA256 {
    fileprivate static func hash(_ bytes: some Sequence<UInt8>) -> [UInt8] { hash(Array(bytes)) }
}
