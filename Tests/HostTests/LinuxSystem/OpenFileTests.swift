import Foundation
import LinuxSystem
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(5))) struct OpenFileTests {
    /// A new file's path.
    private let path = FileManager.default.temporaryDirectory.path + "/sice-\(UUID().uuidString.prefix(8))"

    private func failure(_ body: () throws(Errno) -> Void) -> Errno? {
        do throws(Errno) {
            try body()
            return nil
        } catch { return error }
    }

    @Test func bytesGoWhereTheyShall() throws {
        defer { try? FileSystem.remove(path) }
        #expect(
            failure { () throws(Errno) in _ = try OpenFile(path, .readOnly) } == .noSuchFileOrDirectory)
        let file = try OpenFile(path, .readWrite, options: .create, permissions: .ownerReadWrite)
        try file.writeWhole(Array("one two".utf8))
        try file.replaceContents(Array("three".utf8))
        #expect(try file.readSome(16, at: 2) == Array("ree".utf8))
        #expect(file.position == 7)
        file.setPosition(1)
        var buffer = [UInt8](repeating: 0, count: 4)
        #expect(try file.readWaiting(into: &buffer, from: 2) == 2 && buffer == [0, 0, 0x68, 0x72])
        let status = try file.status()
        #expect(status.size == 5 && status.type == .regular)
        // The same file by another number: they share the place.
        let other = try file.use { number throws(Errno) in try OpenFile(duplicating: number) }
        #expect(try other.readSome(16) == Array("ee".utf8) && file.readSome(16) == [])
        #expect(
            failure { () throws(Errno) in
                try OpenFile(path, .readOnly, options: .lookOnly).writeWhole([1])
            } == .badFileDescriptor)
    }

    /// A pipe that somebody set to not waiting is waited for, in both directions, and nothing is lost.
    @Test func notWaitingFiles_areWaitedFor() throws {
        let pipe = Pipe()
        let (input, output) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        for file in [input, output] { #expect(fcntl(file.fileDescriptor, F_SETFL, O_NONBLOCK) == 0) }
        let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0) }
        let number = output.fileDescriptor
        Thread.detachNewThread { try? FileDescriptor(rawValue: number).writeWhole(bytes) }
        var (buffer, got) = ([UInt8](repeating: 0, count: bytes.count), 0)
        while got < bytes.count {
            let file = FileDescriptor(rawValue: input.fileDescriptor)
            let count = try file.readWaiting(into: &buffer, from: got)
            try #require(count > 0)
            got += count
        }
        #expect(buffer == bytes)
        withExtendedLifetime(pipe) {}
    }

    @Test func lock_isOneHoldersAndGoesWithIt() throws {
        defer { try? FileSystem.remove(path) }
        let first = try FileLock(path, permissions: .ownerReadWrite)
        let second = try FileLock(path, permissions: .ownerReadWrite)
        #expect(try first.tryLock() && !second.tryLock())
        first.unlock()
        #expect(try second.tryLock() && !first.tryLock())
        try {
            second.unlock()
            let third = try FileLock(path, permissions: .ownerReadWrite)
            #expect(try third.tryLock() && !first.tryLock())
        }()
        #expect(try first.tryLock())
    }

    @Test func names_areWhatTheSystemSays() throws {
        let folder = path
        try FileSystem.makeFolder(folder, .ownerReadWriteExecute)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(failure { () throws(Errno) in try FileSystem.makeFolder(folder, []) } == .fileExists)
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/link", withDestinationPath: "else/where")
        #expect(try FileSystem.names(in: folder) == [".", "..", "link"])
        #expect(try FileSystem.target(ofLink: folder + "/link") == "else/where")
        #expect(
            failure { () throws(Errno) in _ = try FileSystem.target(ofLink: folder) } == .invalidArgument)
        #expect(
            failure { () throws(Errno) in _ = try FileSystem.names(in: folder + "/link") }
                == .noSuchFileOrDirectory)
        #expect(try FileSystem.currentFolder() == FileManager.default.currentDirectoryPath)
    }

    @Test func memory_isSharedAndBounded() throws {
        let memory = try MappedMemory(sharedSize: 4096)
        memory.write([1, 2, 3][...], at: 4093)
        #expect(memory.read(4, at: 4092) == [0, 1, 2, 3])
        let file = try OpenFile("/dev/zero", .readOnly)
        #expect(
            failure { () throws(Errno) in _ = try MappedMemory(file, offset: 1, size: 16) }
                == .invalidArgument)
    }
}
