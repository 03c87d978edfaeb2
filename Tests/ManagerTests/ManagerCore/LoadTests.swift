import GuestPolicy
import IsolatedImage
import ManagerCore
import SHA2
import SICEABI
import Simulation
import Testing

@Suite struct LoadTests {
    typealias Place = Simulation.Place

    @Test func measurementIsTheHashOfTheFile() throws {
        let s = try Simulation()
        var image = SampleImage()
        image.regions[0] = ImageRegion(
            address: 0x10_0000, pages: 40, contentPages: 37, permissions: SampleImage.readWrite)
        let file = try image.file()
        let id = try s.launch(image)
        #expect(try s.record(of: id)?.measurement == sha256(file))
    }

    @Test(arguments: [1, 2, 3, 5, 7])
    func measurementDoesNotDependOnBatches(_ batch: Int) throws {
        let s = try Simulation()
        let image = SampleImage()
        let file = try image.file()
        let id = try s.create(file)
        for from in stride(from: 0, to: 7, by: batch) {
            let to = min(from + batch, 7)
            #expect(try s.load(id, file, from, to) == UInt64(7 - to))
        }
        try s.seal(id)
        #expect(try s.record(of: id)?.measurement == sha256(file))
    }

    @Test func interleavedLoadsHaveTheirOwnMeasurements() throws {
        let s = try Simulation()
        var images = [SampleImage(), SampleImage(), SampleImage()]
        for index in images.indices { images[index].fill = UInt8(index) }
        let files = try images.map { try $0.file() }
        let ids = try files.map { try s.create($0) }
        for page in 0..<7 {
            for index in images.indices { try s.load(ids[index], files[index], page, page + 1) }
        }
        for index in images.indices.reversed() { try s.seal(ids[index]) }
        for index in images.indices {
            #expect(try s.record(of: ids[index])?.measurement == sha256(files[index]))
        }
    }

    @Test func measuresTheCopyNotTheHostsPage() throws {
        let s = try Simulation()
        let file = try SampleImage().file()
        // The host changes its memory as soon as a page was copied.
        s.machine.afterCopy = { host in for index in host[0].indices { host[0][index] ^= 0xFF } }
        let id = try s.create(file)
        for page in 0..<7 { try s.load(id, file, page, page + 1) }
        s.machine.afterCopy = nil
        try s.seal(id)
        #expect(try s.record(of: id)?.measurement == sha256(file))
        // Each page was read once: header and contents.
        #expect(s.machine.reads.count == 8)
    }

    @Test func recordShowsTheImage() throws {
        let s = try Simulation()
        var image = SampleImage(windows: 2)
        image.name = "имя"
        image.flags = ImageFlags.debug
        let file = try image.file()
        let id = try s.create(file)
        var record = try #require(try s.record(of: id))
        #expect(record.state == .loading && record.identifier == id && record.isDebug)
        #expect(record.name == Array("имя".utf8) && record.windowCount == 2)
        #expect(record.windowSizes == [4, 4, 0, 0])
        #expect(record.measurement == [UInt8](repeating: 0, count: 32))
        #expect(record.pages == 2)
        try s.load(id, file, 0, 7)
        try s.seal(id)
        record = try #require(try s.record(of: id))
        #expect(record.state == .sealed && record.runs == 0)
        #expect(try s.record(1) == nil)
    }

    @Test func withoutWindowsSealMakesRunnable() throws {
        let s = try Simulation()
        let id = try s.launch(SampleImage(windows: 0))
        #expect(try s.record(of: id)?.state == .runnable)
    }

    @Test func guestStartsWhereTheHeaderSays() throws {
        let s = try Simulation()
        let id = try s.launch()
        let guest = try #require(s.machine.guests[Int(id & 0xFF)])
        let start = GuestEntry(
            kind: .bareProgram, entry: 0x20_0000, stackPointer: 0x50_0000, pageTableRoot: 0x10_0000,
            bootParameters: 0)
        #expect(guest.start == start)
    }

    @Test func sealWorksInBoundedSteps() throws {
        let s = try Simulation()
        let image = SampleImage(zeroPages: 3 * ABI.pagesPerStep + 1)
        let file = try image.file()
        let id = try s.create(file)
        try s.load(id, file, 0, 7)
        #expect(try s.call(.seal, rcx: id).rbx == 2 * ABI.pagesPerStep + 1)
        #expect(try s.record(of: id)?.state == .loading)
        #expect(try s.seal(id) == 3)
        #expect(try s.record(of: id)?.state == .sealed)
    }

    @Test func reject_truncatedImage() throws {
        let s = try Simulation()
        let file = try SampleImage().file()
        let id = try s.create(file)
        #expect(throws: ErrorCode.imageTruncated) { try s.call(.seal, rcx: id) }
        try s.load(id, file, 0, 6)
        #expect(throws: ErrorCode.imageTruncated) { try s.call(.seal, rcx: id) }
        // Nothing is lost: the load can go on.
        try s.load(id, file, 6, 7)
        try s.seal(id)
        #expect(try s.record(of: id)?.measurement == sha256(file))
    }

    @Test func reject_oversizedImage() throws {
        let s = try Simulation()
        let file = try SampleImage().file()
        let id = try s.create(file)
        #expect(throws: ErrorCode.imageOversized) {
            try s.call(.load, rcx: id, rdx: Place.image, rsi: 8)
        }
        try s.load(id, file, 0, 7)
        #expect(throws: ErrorCode.imageOversized) {
            try s.call(.load, rcx: id, rdx: Place.image, rsi: 1)
        }
        try s.seal(id)
        #expect(try s.record(of: id)?.measurement == sha256(file))
    }

    @Test func reject_batchSizes() throws {
        let s = try Simulation()
        let id = try s.create(try SampleImage().file())
        for pages: UInt64 in [0, 17, 1 << 52, .max] {
            #expect(throws: ErrorCode.invalidArgument) {
                try s.call(.load, rcx: id, rdx: Place.image, rsi: pages)
            }
        }
    }

    @Test(
        arguments: [
            (MachineLayout.smramBase, .addressInSMRAM), (MachineLayout.smramBase - 4096, .addressInSMRAM),
            (MachineLayout.poolBase, .addressInSMRAM), (0xFFFF_FFFF_FFFF_F000, .addressWraps),
            (0xFEE0_0000, .addressOutsideRAM), (0x1F_F000, .addressOutsideRAM),
            (0x10_0001, .addressMisaligned),
            (0, .addressOutsideRAM),
        ] as [(UInt64, ErrorCode)])
    func reject_contentAddress(_ address: UInt64, _ expected: ErrorCode) throws {
        let s = try Simulation()
        let id = try s.create(try SampleImage().file())
        #expect(throws: expected) { try s.call(.load, rcx: id, rdx: address, rsi: 2) }
        #expect(try s.record(of: id)?.pages == 2)
    }

    @Test(
        arguments: [
            (MachineLayout.smramBase, .addressInSMRAM), (MachineLayout.poolBase, .addressInSMRAM),
            (0xFFFF_FFFF_FFFF_F000, .addressWraps), (0xFEE0_0000, .addressOutsideRAM),
            (0x10_0010, .addressMisaligned),
        ] as [(UInt64, ErrorCode)])
    func reject_headerAddress(_ address: UInt64, _ expected: ErrorCode) throws {
        let s = try Simulation()
        #expect(throws: expected) { try s.call(.create, rcx: address) }
        #expect(try s.freePages == 598)
    }

    @Test func reject_badHeaderAndLeaveNothing() throws {
        let s = try Simulation()
        let changes: [((inout SampleImage) -> Void, ErrorCode)] = [
            ({ $0.flags = 2 }, .imageUnknownFlag), ({ $0.name = "" }, .imageBadName),
            ({ $0.entry = 0 }, .imageBadEntry), ({ $0.stackPointer = 1 }, .imageBadStackOrRoot),
            ({ $0.regions[1].permissions = 7 }, .imageWritableAndExecutable),
            ({ $0.regions[1].address += 1 }, .imageRegionMisaligned),
            ({ $0.regions[0].pages = 1 << 40 }, .imageRegionOutOfRange),
            ({ $0.regions.swapAt(0, 1) }, .imageRegionsOverlap),
        ]
        for (change, expected) in changes {
            var image = SampleImage()
            change(&image)
            let header = try image.header()
            #expect(throws: expected) { _ = try s.create(header) }
            #expect(try s.freePages == 598)
            #expect(try s.record(0) == nil)
        }
        checkInvariants(s)
    }

    @Test func reject_imageLargerThanThePool() throws {
        let s = try Simulation(poolPages: 60)
        for pages: UInt64 in [47, 1000, 1 << 26] {
            var image = SampleImage(zeroPages: 1)
            image.regions[3] = ImageRegion(
                address: 0x50_0000 - 4096, pages: pages, contentPages: 0, permissions: SampleImage.readWrite)
            image.windows = []
            let header = try image.header()
            #expect(throws: ErrorCode.imageTooLarge) { _ = try s.create(header) }
            #expect(try s.freePages == 58)
        }
        checkInvariants(s)
    }

    @Test func imageThatJustFitsTakesWhatWasPromised() throws {
        // Header, root and one table below, 3 + 1 tables, 7 content pages, the stack.
        let needed = 1 + 2 + 4 + 7 + 30
        let s = try Simulation(poolPages: needed + 2)
        let id = try s.launch(SampleImage(zeroPages: 30, windows: 0))
        #expect(try s.freePages == UInt64(needed) - (try #require(try s.record(of: id))).pages)
        checkInvariants(s)
        let tight = try Simulation(poolPages: needed + 1)
        let file = try SampleImage(zeroPages: 30, windows: 0).file()
        #expect(throws: ErrorCode.imageTooLarge) { _ = try tight.create(file) }
    }

    @Test func promisedPagesCannotBeTakenByOthers() throws {
        let s = try Simulation(poolPages: 100)
        let file = try SampleImage(zeroPages: 40).file()
        let first = try s.create(file)
        #expect(throws: ErrorCode.imageTooLarge) { _ = try s.create(file) }
        try s.load(first, file, 0, 7)
        try s.seal(first)
        #expect(try s.record(of: first)?.state == .sealed)
    }

    @Test func reject_seventeenthEnvironment() throws {
        let s = try Simulation()
        let file = try SampleImage(zeroPages: 1).file()
        var ids: [UInt64] = []
        for _ in 0..<16 { ids.append(try s.create(file)) }
        #expect(Set(ids).count == 16)
        #expect(throws: ErrorCode.tooManyEnvironments) { _ = try s.create(file) }
        try s.destroy(ids[7])
        let id = try s.create(file)
        #expect(id & 0xFF == 7 && id != ids[7])
    }
}

/// SHA-256 of bytes.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
    let digest = SHA256.hash(bytes.span)
    return digest.indices.map { digest[$0] }
}
