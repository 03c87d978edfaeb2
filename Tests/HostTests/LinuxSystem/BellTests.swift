import LinuxSystem
import Synchronization
import SystemPackage
import Testing

@Suite(.timeLimit(.minutes(5))) struct BellTests {
    private func rings(_ bell: Bell) throws -> Bool {
        try !bell.file.wait(for: .input, milliseconds: 0).isEmpty
    }

    @Test func bell_ringsUntilItIsSilenced() throws {
        let bell = try Bell()
        #expect(try !rings(bell))
        bell.silence()
        #expect(try !rings(bell))
        for _ in 0..<3 { bell.ring() }
        #expect(try rings(bell) && rings(bell))
        bell.silence()
        #expect(try !rings(bell))
        bell.ring()
        bell.wait()
        #expect(try !rings(bell))
    }

    @Test func thread_runsBesideAndWakesItsMaker() throws {
        let (there, back) = (try Bell(), try Bell())
        let cell = Cell()
        try BackgroundThread.start {
            there.wait()
            cell.word.withLock { $0 += " answered" }
            back.ring()
        }
        cell.word.withLock { $0 = "asked" }
        there.ring()
        back.wait()
        #expect(cell.word.withLock { $0 } == "asked answered")
    }

    private final class Cell: Sendable {
        let word = Mutex("")
    }
}
