import NVSession
import SICEABI

/// A session and a TPM, with what goes between them in arrays.
struct SessionBench {
    static let digest = InlineArray<32, UInt8>(repeating: 0xD1)
    var cryptography = HostCryptography()
    var tpm: HistoryTPM<HostCryptography>
    private var session = NVSession(
        index: HistoryTPM<HostCryptography>.index, name: .init(repeating: 7), authValue: .init(repeating: 9))

    /// - Parameter authValue: of the TPM's index; the session's is 9s.
    init(authValue: UInt8 = 9) {
        tpm = HistoryTPM(
            name: [UInt8](repeating: 7, count: 32), authValue: [UInt8](repeating: authValue, count: 32),
            cryptography: HostCryptography())
    }

    mutating func start() throws {
        let answer = tpm.execute(try startCommand())
        try started(answer)
    }

    mutating func startCommand() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try session.start(nonce: .init(repeating: 0xA0), in: buffer.mutableSpan)
        return Array(buffer[..<length])
    }

    mutating func extendCommand(room: Int = NVSession.commandSize) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: room)
        let length = try session.extend(Self.digest, &cryptography, in: buffer.mutableSpan)
        return Array(buffer[..<length])
    }

    mutating func readCommand(isLast: Bool = false) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try session.read(isLast: isLast, &cryptography, in: buffer.mutableSpan)
        return Array(buffer[..<length])
    }

    mutating func started(_ answer: [UInt8]) throws { try session.started(answer.span) }

    mutating func extended(_ answer: [UInt8]) throws { try session.extended(answer.span, &cryptography) }

    mutating func contents(_ answer: [UInt8]) throws -> [UInt8] {
        array(try session.contents(answer.span, &cryptography))
    }
}
