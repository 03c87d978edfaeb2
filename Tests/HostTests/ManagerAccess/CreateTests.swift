import Diagnostics
import IsolatedImage
import ManagerAccess
import SICEABI
import Simulation
import Testing

@Suite struct CreateTests {
    /// Windows lie where those of environments did that another process destroyed.
    @Test func create_whereEarlierWindowsWere() throws {
        var client = ManagerClient(try SimulatedConnection())
        for _ in 0..<20 {
            let identifier = try create(SampleImage(zeroPages: 1), &client)
            var other = client
            try other.destroy(identifier)
        }
        #expect(client.windows.entries.count == 1)
    }

    @Test func create_reachesRunnableAndLists() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let identifier = try create(SampleImage(zeroPages: 200), &client)
        let records = try client.environments()
        #expect(records.count == 1)
        #expect(records[0].identifier == identifier)
        #expect(records[0].state == .runnable)
        #expect(records[0].name == "sample")
        #expect(records[0].windowPages == [4])
        #expect(try client.environment(identifier) == records[0])
        #expect(try client.info().cores == 4)
    }

    @Test func create_clearsTheWindowsMemory() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let all = [UInt8](repeating: 0xEE, count: connection.areaSize)
        connection.write(all[...], at: 0)
        let identifier = try create(SampleImage(), &client)
        let window = try client.windows.window(0, of: identifier)
        #expect(connection.read(window.size, at: window.offset).allSatisfy { $0 == 0 })
    }

    @Test func destroy_givesBackPoolAndWindow() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let free = try client.info().freePages
        for _ in 0..<20 {
            let identifier = try create(SampleImage(), &client)
            try client.destroy(identifier)
        }
        #expect(try client.info().freePages == free)
        #expect(client.windows.entries.isEmpty)
    }

    @Test func reject_truncatedImageAndLeaveNothing() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        let free = try client.info().freePages
        let file = try SampleImage().file()
        for count in [0, 100, 4095, 4096, 4097, file.count - 1] {
            var source = ArraySource(Array(file.prefix(count)))
            #expect(
                failure { _ = try client.create(&source, name: "x") } == .imageTruncated, "\(count) bytes")
        }
        #expect(try client.environments().isEmpty)
        #expect(try client.info().freePages == free)
    }

    @Test func reject_oversizedImage() throws {
        var client = ManagerClient(try SimulatedConnection())
        var source = ArraySource(try SampleImage().file() + [0])
        #expect(failure { _ = try client.create(&source, name: "x") } == .imageOversized)
        #expect(try client.environments().isEmpty)
    }

    @Test func reject_whatIsNoImageBeforeAskingTheManager() throws {
        let connection = try SimulatedConnection()
        var client = ManagerClient(connection)
        var source = ArraySource([UInt8](repeating: 7, count: 8192))
        #expect(failure { _ = try client.create(&source, name: "x") } == .imageBadMagic)
        #expect(connection.commands.isEmpty)
    }

    /// What a command reads before it asks for the manager.
    @Test func wholeImage_isWhatItsHeaderSays() throws {
        let file = try SampleImage().file()
        func read(_ bytes: [UInt8]) throws -> [UInt8] {
            var source = ArraySource(bytes)
            return try WholeImage.read(&source, name: "x")
        }
        #expect(try read(file) == file)
        for count in [0, 100, 4095, 4096, 4097, file.count - 1] {
            #expect(failure { _ = try read(Array(file.prefix(count))) } == .imageTruncated, "\(count) bytes")
        }
        #expect(failure { _ = try read(file + [0]) } == .imageOversized)
        #expect(failure { _ = try read([UInt8](repeating: 7, count: 8192)) } == .imageBadMagic)
    }

    @Test func reject_imageLargerThanWhatThePoolHasLeft() throws {
        var client = ManagerClient(try SimulatedConnection())
        try create(SampleImage(zeroPages: 400), &client)
        #expect(failure { _ = try create(SampleImage(zeroPages: 400), &client) } == .imageTooLarge)
        #expect(try client.environments().count == 1)
    }

    @Test func reject_windowsLargerThanTheArea() throws {
        var client = ManagerClient(try SimulatedConnection())
        var image = SampleImage()
        image.windows[0].pages = 64
        #expect(failure { _ = try create(image, &client) } == .imageTooLarge)
        #expect(try client.environments().isEmpty)
        #expect(client.windows.entries.isEmpty)
    }

    @Test func reject_seventeenthEnvironment() throws {
        var client = ManagerClient(try SimulatedConnection())
        for _ in 0..<16 { _ = try create(SampleImage(zeroPages: 1, windows: 0), &client) }
        #expect(
            failure { _ = try create(SampleImage(zeroPages: 1, windows: 0), &client) } == .tooManyEnvironments
        )
    }

    @Test func reject_environmentThatDoesNotExist() throws {
        var client = ManagerClient(try SimulatedConnection())
        #expect(failure { try client.destroy(4711) } == .noSuchEnvironment)
        #expect(failure { _ = try client.environment(4711) } == .noSuchEnvironment)
        #expect(failure { _ = try client.run(4711) } == .noSuchEnvironment)
        #expect(
            failure { _ = try client.report(4711, nonce: [UInt8](repeating: 1, count: 32)) }
                == .noSuchEnvironment)
    }
}

@discardableResult
func create(_ image: SampleImage, _ client: inout ManagerClient<SimulatedConnection>) throws -> UInt32 {
    var source = ArraySource(try image.file())
    return try client.create(&source, name: "sample.image")
}
