import Diagnostics
import RootStorage
import SICEABI
import TPM2
import TPMAttestation

/// A TPM that answers each command with whatever bytes come next. The first two bytes of each answer say how long
/// it is; header fields are made right in one of two answers, so that the parsers behind them are reached.
private struct HostileTPM: TPMTransport {
    var rest: ArraySlice<UInt8>

    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        guard let first = rest.popFirst(), let second = rest.popFirst() else { throw .noTPMDevice }
        var answer = Array(rest.prefix((Int(first) << 8 | Int(second)) & 0x3FF))
        rest = rest.dropFirst(answer.count)
        if first & 0x80 != 0 { answer = HostileTPM.header(command, answer.count) + answer }
        for index in answer.indices { response[index] = answer[index] }
        return answer.count
    }

    /// A successful header with the tag of the command.
    private static func header(_ command: Span<UInt8>, _ count: Int) -> [UInt8] {
        let size = count + 10
        return [command[0], command[1], 0, 0, UInt8(size >> 8), UInt8(size & 0xFF), 0, 0, 0, 0]
    }
}

/// No answer of a TPM may do more than make an operation fail, and no operation gives more than the TPM sent.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let answers = HostileTPM(rest: input[...])
    var identity = AttestationTPM(answers)
    if let result = try? identity.identity() { precondition(result.endorsementCertificate.count <= count) }
    var quote = AttestationTPM(answers)
    if let result = try? quote.quote(qualifyingData: [1, 2, 3], pcrMask: 0x35) {
        precondition(result.attest.count + result.signature.count <= count)
    }
    var pcr = AttestationTPM(answers)
    if let result = try? pcr.pcr(4) { precondition(result.count == ABI.digestSize) }
    var activation = AttestationTPM(answers)
    if let result = try? activation.activate(credential: [0, 0], secret: [0, 0]) {
        precondition(result.count <= count)
    }
    openRoot(answers)
    return 0
}

/// Errors are those that a boot knows what to do with.
private func openRoot(_ answers: HostileTPM) {
    var client = TPMClient(answers)
    let entropy = [UInt8](repeating: 3, count: 64)
    do throws(ErrorCode) {
        let root = try client.openRoot(entropy: entropy.span)
        precondition(root.set < RootIndexSet.count)
    } catch {
        let known: [ErrorCode] = [
            .rootRefused, .rootLocked, .rootNotLocked, .rootUnsupported, .rootNoPlace, .rootFailed,
            .noEntropy,
        ]
        precondition(known.contains(error), "an error of another chapter")
    }
}
