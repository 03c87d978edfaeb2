import SHA2
import SICEABI
import UpgradeApproval

/// Any bytes as an approval: what is one has one form, and no machine acts by it, since nobody has the key.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(ErrorCode) {
        let file = try ApprovalFile(input.span)
        let encoded = file.encoded
        precondition(encoded.indices.allSatisfy { encoded[$0] == input[$0] }, "two forms of one approval")
        // The owner that the file names: so the fuzzer needs no collision to come to the signature.
        let owner = InlineArray<32, UInt8> { input[16 + $0] }
        let machine = ApprovedMachine(owner: owner, root: .init(repeating: 1), securityVersion: 1)
        var check = SecretCheck()
        _ = try file.approval(on: machine, by: &check)
        preconditionFailure("forged")
    } catch {
        precondition(error == .approvalMalformed || error == .approvalRefused, "another error")
    }
    return 0
}

/// Signatures that only this program can make, and does not; points whose hash is written in their first
/// half.
private struct SecretCheck: ApprovalCheck {
    mutating func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> { InlineArray { bytes[$0 + 1] } }

    mutating func isSignature(
        _ signature: Span<UInt8>, of message: Span<UInt8>, by point: Span<UInt8>
    ) -> Bool {
        let secret = InlineArray<16, UInt8>(repeating: 0x5A)
        var hash = SHA256()
        hash.update(secret.span)
        hash.update(point)
        hash.update(message)
        let digest = hash.finish()
        return (0..<32).allSatisfy { signature[$0] == digest[$0] }
    }
}
