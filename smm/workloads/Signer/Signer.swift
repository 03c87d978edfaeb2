internal import IsolatedWorkload
internal import SICEABI

/// Operations of the signer.
private enum Operation {
    static let publicKey: UInt32 = 1
    static let sign: UInt32 = 2
}

/// Status numbers of the signer's answers; 0 is fine.
private enum Status {
    static let unknownOperation: UInt32 = 1
    static let outOfOrder: UInt32 = 2
}

/// Makes a key that never leaves this program, vouches for it in the environment's reports, then signs what
/// the host streams in.
@c(sice_main)
public func signerMain() -> UInt64 {
    do throws(ErrorCode) {
        var key = try SigningKey(seed: Services.random())
        try Services.setWorkloadData(key.workloadData())
        var mailbox = try Mailbox(window: 0)
        var request = SignRequest()
        while true { try serve(mailbox.next(), &mailbox, &key, &request) }
    } catch {
        return UInt64(error.rawValue)
    }
}

private func serve(
    _ chunk: Chunk, _ mailbox: inout Mailbox, _ key: inout SigningKey, _ request: inout SignRequest
) throws(ErrorCode) {
    switch chunk.operation {
    case Operation.publicKey:
        request.abandon()
        try mailbox.answer(key.publicPoint.span)
    case Operation.sign:
        guard try request.take(chunk, from: &mailbox) else {
            try mailbox.answer(status: Status.outOfOrder)
            return
        }
        guard chunk.isLast else {
            try mailbox.answer(status: 0)
            return
        }
        try sign(request.finish(), with: &key, into: &mailbox)
    default:
        request.abandon()
        try mailbox.answer(status: Status.unknownOperation)
    }
}

private func sign(
    _ digest: InlineArray<32, UInt8>, with key: inout SigningKey, into mailbox: inout Mailbox
) throws(ErrorCode) {
    var signature = ECDSASignature(raw: try key.sign(digest))
    try mailbox.answer(signature.der)
}
