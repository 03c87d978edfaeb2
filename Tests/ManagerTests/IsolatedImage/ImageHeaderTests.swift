import IsolatedImage
import SICEABI
import Testing

@Suite struct ImageHeaderTests {
    /// Encodes a changed sample and gives the error of its validation.
    func error(_ change: (inout SampleHeader) -> Void) throws -> ErrorCode? {
        var sample = SampleHeader()
        change(&sample)
        return validationError(try sample.page())
    }

    @Test func accept_whatTheWriterWrote() throws {
        let page = try SampleHeader().page()
        let header = try ImageHeader(validating: page.span)
        #expect(header.kind == ImageKind.bareProgram.rawValue)
        #expect(header.contentPages == 7)
        #expect(header.privatePages == 263)
        #expect(header.fileSize == 8 * 4096)
        let isDebug = header.isDebug
        #expect(!isDebug)
        #expect(header.regionCount == 4 && header.windowCount == 1)
        #expect(header.region(1) == SampleHeader().regions[1])
        #expect(header.window(0) == SampleHeader().windows[0])
        #expect(header.entry == 0x20_0000 && header.stackPointer == 0x50_0000)
        #expect(header.pageTableRoot == 0x10_0000)
        #expect(header.name.count == 6 && header.name[0] == UInt8(ascii: "s"))
        #expect(header.programVersion.count == 3)
    }

    @Test func accept_debugFlag() throws {
        var sample = SampleHeader()
        sample.flags = ImageFlags.debug
        let page = try sample.page()
        let isDebug = try ImageHeader(validating: page.span).isDebug
        #expect(isDebug)
    }

    @Test func reject_truncatedAndOversizedPage() throws {
        let page = try SampleHeader().page()
        for length in [0, 1, 128, 4095] {
            #expect(validationError(Array(page[..<length])) == .imageTruncated)
        }
        #expect(validationError(page + [0]) == .imageOversized)
    }

    @Test func reject_wrongFileSize() throws {
        let page = try SampleHeader().page()
        let header = try ImageHeader(validating: page.span)
        try header.checkFileSize(8 * 4096)
        var thrown: [ErrorCode] = []
        for size in [8 * 4096 - 1, 8 * 4096 + 1] as [UInt64] {
            do throws(ErrorCode) { try header.checkFileSize(size) } catch { thrown.append(error) }
        }
        #expect(thrown == [.imageTruncated, .imageOversized])
    }

    @Test func reject_badMagicVersionKindFlags() throws {
        for (offset, expected) in [
            (ImageLayout.magicOffset, ErrorCode.imageBadMagic),
            (ImageLayout.version, .imageUnsupportedVersion),
            (ImageLayout.kind, .imageUnknownKind), (ImageLayout.flags + 1, .imageUnknownFlag),
        ] {
            var page = try SampleHeader().page()
            page[offset] ^= 0x80
            #expect(validationError(page) == expected)
        }
    }

    @Test func reject_countsBeyondTheTables() throws {
        for count in [33, UInt32.max] {
            var page = try SampleHeader().page()
            page.set(count, at: ImageLayout.regionCount)
            #expect(validationError(page) == .imageTooManyRegions)
        }
        var page = try SampleHeader().page()
        page.set(UInt32(5), at: ImageLayout.windowCount)
        #expect(validationError(page) == .imageTooManyRegions)
    }

    @Test(
        arguments: [
            [], [0x41, 0, 0x41], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82],
            [0x1B, 0x5B], [0x7F], [0xC2, 0x85], [0xFF], [UInt8](repeating: 0x41, count: 32),
        ] as [[UInt8]])
    func reject_name(_ bytes: [UInt8]) throws {
        var page = try SampleHeader().page()
        for index in 0..<32 { page[ImageLayout.name + index] = index < bytes.count ? bytes[index] : 0 }
        #expect(validationError(page) == .imageBadName)
    }

    @Test func accept_nameInAnyScript() throws {
        #expect(try error { $0.name = "ключ-鍵-🔑é" } == nil)
        #expect(try error { $0.version = "" } == nil)
    }

    @Test func reject_everyStrayByte() throws {
        // Every byte that no field covers, one at a time.
        let page = try SampleHeader().page()
        let used =
            Array(0..<28) + Array(32..<120) + (0..<4).flatMap { Array(128 + $0 * 32..<156 + $0 * 32) }
            + Array(ImageLayout.windowTable..<ImageLayout.windowTable + 20)
        for offset in Set(0..<4096).subtracting(used) {
            var changed = page
            changed[offset] = 1
            #expect(validationError(changed) == .imageReservedNotZero, "offset \(offset)")
        }
    }

    @Test func reject_misaligned() throws {
        #expect(try error { $0.regions[1].address += 1 } == .imageRegionMisaligned)
        #expect(try error { $0.windows[0].address += 0x800 } == .imageRegionMisaligned)
    }

    @Test func reject_outOfRange() throws {
        #expect(try error { $0.regions[0].address = 0 } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[3].pages = 0 } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[3].pages = .max } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[3].pages = 1 << 52 } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[2].contentPages = 2 } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[3].address = ImageLayout.addressLimit } == .imageRegionOutOfRange)
        #expect(try error { $0.regions[3].address = ~0xFFF } == .imageRegionOutOfRange)
        #expect(
            try error { $0.regions[3].address = ImageLayout.addressLimit - 255 * 4096 }
                == .imageRegionOutOfRange)
        #expect(try error { $0.windows[0].pages = 4097 } == .imageRegionOutOfRange)
        #expect(try error { $0.windows[0].pages = 0 } == .imageRegionOutOfRange)
    }

    @Test func reject_overlapAndOrder() throws {
        #expect(try error { $0.regions[0].pages = 257 } == .imageRegionsOverlap)
        #expect(try error { $0.regions.swapAt(1, 2) } == .imageRegionsOverlap)
        #expect(try error { $0.windows[0].address = 0x4F_F000 } == .imageRegionsOverlap)
        #expect(try error { $0.windows.append($0.windows[0]) } == .imageRegionsOverlap)
    }

    @Test func reject_permissions() throws {
        #expect(try error { $0.regions[1].permissions = 7 } == .imageWritableAndExecutable)
        #expect(try error { $0.windows[0].permissions = 5 } == .imageWritableAndExecutable)
        #expect(try error { $0.regions[1].permissions = 8 | 1 } == .imageBadPermissions)
        #expect(try error { $0.regions[2].permissions = 0 } == .imageBadPermissions)
        #expect(try error { $0.regions[2].permissions = Permissions.write } == .imageBadPermissions)
        #expect(try error { $0.windows[0].permissions = 0 } == .imageBadPermissions)
    }

    @Test func reject_start() throws {
        #expect(try error { $0.entry = 0x20_2000 } == .imageBadEntry)
        #expect(try error { $0.entry = 0x30_0000 } == .imageBadEntry)
        #expect(try error { $0.entry = 0x1000_0000 } == .imageBadEntry)
        #expect(
            try error {
                $0.regions = []
                $0.windows = []
            } == .imageBadEntry)
        #expect(try error { $0.stackPointer = 0 } == .imageBadStackOrRoot)
        #expect(try error { $0.stackPointer = 0x40_0000 } == .imageBadStackOrRoot)
        #expect(try error { $0.stackPointer = 0x30_0800 } == .imageBadStackOrRoot)
        #expect(try error { $0.pageTableRoot += 8 } == .imageBadStackOrRoot)
        #expect(try error { $0.pageTableRoot = 0x30_0000 } == .imageBadStackOrRoot)
        #expect(try error { $0.pageTableRoot = 0x1000_0000 } == .imageBadStackOrRoot)
    }

    @Test func linuxGuest_mayWriteAndExecuteFromPageZero() throws {
        #expect(
            try error {
                $0.kind = .linuxGuest
                $0.bootParameters = 0x10_1000
                $0.regions[0].permissions = 7
                $0.regions[0].address = 0
                $0.regions[0].pages = 0x102
                $0.regions[1].permissions = 7
            } == nil)
        // Host memory stays what it is.
        #expect(
            try error {
                $0.kind = .linuxGuest
                $0.bootParameters = 0x10_1000
                $0.windows[0].permissions = 7
            } == .imageWritableAndExecutable)
    }

    @Test func reject_bootParameters() throws {
        #expect(try error { $0.bootParameters = 0x10_1000 } == .imageBadBootParameters)
        for address: UInt64 in [0, 0x10_1008, 0x20_0000, 0x10_4000, 0x1000_0000] {
            #expect(
                try error {
                    $0.kind = .linuxGuest
                    $0.bootParameters = address
                } == .imageBadBootParameters, "\(address)")
        }
    }

    @Test func reject_contentThatDoesNotAddUp() throws {
        for count: UInt64 in [6, 8, .max] {
            var page = try SampleHeader().page()
            page.set(count, at: ImageLayout.contentPages)
            #expect(validationError(page) == .imageUnsorted)
        }
    }

    @Test func writer_refusesWhatDoesNotFit() throws {
        #expect(throws: ErrorCode.imageBadName) {
            var sample = SampleHeader()
            sample.name = String(repeating: "n", count: 32)
            _ = try sample.page()
        }
        #expect(throws: ErrorCode.imageTooManyRegions) {
            var sample = SampleHeader()
            sample.windows = Array(repeating: sample.windows[0], count: 5)
            _ = try sample.page()
        }
    }
}
