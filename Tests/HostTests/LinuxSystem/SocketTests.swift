import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(5))) struct SocketTests {
    /// Both ends of a connection through a socket in the file system.
    private func pair() throws -> (near: OpenFile, far: OpenFile) {
        let path = FileManager.default.temporaryDirectory.path + "/sice-\(UUID().uuidString.prefix(8))"
        defer { try? FileSystem.remove(path) }
        let address = try #require(SocketAddress(path: path))
        let listener = try OpenFile(socketFor: address)
        try listener.bind(to: address)
        try listener.listen(1)
        let near = try OpenFile.connected(to: address)
        return (near, try listener.accept())
    }

    /// The Errno that a body throws, nil when it throws none.
    private func failure(_ body: () throws(Errno) -> Void) -> Errno? {
        do throws(Errno) {
            try body()
            return nil
        } catch { return error }
    }

    @Test func bytesArriveAndTheEndIsSeen() throws {
        let far: OpenFile
        do {
            let near: OpenFile
            (near, far) = try pair()
            #expect(
                failure { () throws(Errno) in _ = try far.receiveNow(4) } == .resourceTemporarilyUnavailable)
            try near.sendWhole(Array("hello".utf8))
            #expect(try far.receiveNow(4) == Array("hell".utf8))
            #expect(try far.wait(for: .input) == .input)
            #expect(try far.readSome(4) == Array("o".utf8))
        }
        // Nobody holds the near end any more.
        #expect(try far.wait(for: []).contains(.hangUp))
        #expect(try far.readSome(4) == [])
        #expect(failure { () throws(Errno) in try far.sendWhole([1]) } == .brokenPipe)
    }

    /// Who does not read is not waited for for ever; who reads late gets everything.
    @Test func readersMayBeSlow_notAbsent() throws {
        let (near, far) = try pair()
        let bytes = [UInt8](repeating: 7, count: 1 << 20)
        #expect(failure { () throws(Errno) in try near.sendWhole(bytes, milliseconds: 10) } == .timedOut)
        var left = 0
        while let piece = try? far.receiveNow(1 << 16) { left += piece.count }
        #expect(left > 0 && left < bytes.count)
        Thread.detachNewThread { try? near.sendWhole(bytes) }
        var got = 0
        while got < bytes.count { got += try far.readSome(1 << 16).count }
        #expect(got == bytes.count)
        try far.setReadPatience(seconds: 1)
        #expect(failure { () throws(Errno) in _ = try far.readSome(1) } == .resourceTemporarilyUnavailable)
    }

    @Test func addresses_asTheSystemHasThem() throws {
        #expect(SocketAddress(path: String(repeating: "a", count: 107)) != nil)
        #expect(SocketAddress(path: String(repeating: "a", count: 108)) == nil)
        #expect(SocketAddress([]) == nil && SocketAddress([1]) == nil)
        #expect(SocketAddress(path: "a")?.port == nil)
        let loopback = SocketAddress(loopbackPort: 0x1234)
        #expect(loopback.port == 0x1234)
        let found = try AddressLookup.addresses(of: "127.0.0.1", port: 0x1234, isNumeric: true)
        #expect(found == [loopback])
        #expect(try AddressLookup.addresses(of: "::1", port: 80, isNumeric: true).map(\.port) == [80])
        let error = #expect(throws: AddressLookup.Failure.self) {
            try AddressLookup.addresses(of: "no-address", port: 80, isNumeric: true)
        }
        #expect(error?.isUnknown == true)
    }

    /// As inet_pton(3) reads them: no name, nothing short or octal, no zone, nothing behind a null.
    @Test func numericAddresses_areReadStrictly() throws {
        #expect(SocketAddress(numeric: "127.0.0.1", port: 0x1234) == SocketAddress(loopbackPort: 0x1234))
        let long = try #require(SocketAddress(numeric: "::1", port: 80))
        #expect(long.isIPv6 && !SocketAddress(loopbackPort: 80).isIPv6)
        #expect(try AddressLookup.addresses(of: "::1", port: 80, isNumeric: true) == [long])
        let longest = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"
        #expect(SocketAddress(numeric: longest, port: 0) != nil)
        for text in [
            "", "localhost", "1", "127.1", "0177.0.0.1", "127.0.0.1 ", "127.0.0.1\0", "::1\0", "fe80::1%lo",
            longest + "0", String(repeating: "0", count: 4096),
        ] {
            #expect(SocketAddress(numeric: text, port: 0) == nil, "\(text)")
        }
    }

    /// Each direction of a connection ends by itself.
    @Test func sendingEnds_receivingGoesOn() throws {
        let (near, far) = try pair()
        try near.endSending()
        var buffer = [UInt8](repeating: 7, count: 4)
        #expect(try far.receiveNow(into: &buffer) == 0)
        try far.sendWhole([1, 2])
        #expect(try near.receiveNow(into: &buffer) == 2 && buffer == [1, 2, 7, 7])
    }

    @Test func events_areOfEachFileItsOwn() throws {
        let (near, far) = try pair()
        try near.sendWhole([1])
        let entries: [(FileDescriptor?, FileEvents)] = [
            (near.descriptor, .input), (far.descriptor, .output), (nil, .input), (far.descriptor, .input),
        ]
        let ready = try FileEvents.wait(for: entries, milliseconds: -1)
        #expect(ready == [[], .output, [], .input])
        withExtendedLifetime((near, far)) {}
    }

    @Test func connection_thatIsNotWaitedForTellsItsOutcome() throws {
        let listener = try OpenFile(socketFor: SocketAddress(loopbackPort: 0))
        try listener.bind(to: SocketAddress(loopbackPort: 0))
        let address = try listener.localAddress()
        #expect(address.port != 0)
        // Bound, and nobody listens.
        #expect(failure { () throws(Errno) in _ = try OpenFile.connected(to: address) } == .connectionRefused)
        try listener.listen(1)
        let near = try OpenFile(socketFor: address, waits: false)
        // The loopback interface may have connected it already.
        let outcome = failure { () throws(Errno) in try near.connect(to: address) }
        #expect([nil, .nowInProgress].contains(outcome))
        #expect(try near.wait(for: .output) == .output)
        try near.checkConnection()
        #expect(failure { () throws(Errno) in _ = try near.readSome(1) } == .resourceTemporarilyUnavailable)
        try near.makeWaiting()
        try listener.accept().sendWhole([9])
        #expect(try near.readSome(1) == [9])
    }
}
