import SICEABI
import TPM2

/// Records commands and answers them from a script.
struct ScriptedTransport: TPMTransport {
    var answers: [[UInt8]]
    private(set) var commands: [[UInt8]] = []

    init(_ answers: [UInt8]...) { self.answers = answers }

    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        commands.append(command.indices.map { command[$0] })
        guard !answers.isEmpty else { throw .bootNoTPM }
        let answer = answers.removeFirst()
        guard answer.count <= response.count else { throw .bufferTooSmall }
        for (index, byte) in answer.enumerated() { response[index] = byte }
        return answer.count
    }
}

/// An answer without sessions.
func answer(_ code: UInt32 = 0, _ body: [UInt8] = []) -> [UInt8] {
    [0x80, 0x01] + bytes(UInt32(10 + body.count)) + bytes(code) + body
}

func bytes<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
}
