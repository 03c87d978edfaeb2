internal import NVSession
public import SICEABI
internal import SealedData

/// Which command was sent last.
enum TPMStep {
    case start, read, extend, readAgain
}

/// What to do after an answer.
public enum VaultStep: Equatable, Sendable {
    /// Send so many bytes of the buffer to the TPM, and hand in its answer.
    case send(Int)
    /// Nothing more: ``Vault/phase`` says where it stands.
    case done
}

extension Vault {
    /// Asks for the head of the history. The first command; its answer goes to ``receive(_:in:)``.
    public mutating func look(in buffer: consuming MutableSpan<UInt8>) throws(ErrorCode) -> Int {
        guard phase == .closed || phase == .looking || phase == .offered else { throw .vaultNotReady }
        phase = .closed
        return try start(in: buffer)
    }

    /// Moves the history on to the table that was stored, unless it is there already. The same again after an error, as often as
    /// it takes: the head is read before and after, so that no table is committed twice.
    public mutating func settle(in buffer: consuming MutableSpan<UInt8>) throws(ErrorCode) -> Int {
        guard phase == .offered || phase == .pending else { throw .vaultNotReady }
        return try start(in: buffer)
    }

    private mutating func start(in buffer: consuming MutableSpan<UInt8>) throws(ErrorCode) -> Int {
        sent = .start
        return try session.start(nonce: try cryptography.random(), in: buffer)
    }

    /// The TPM's answer, or what the host says it is. After an error the exchange is over, and can be begun again: throws
    /// `historyRefused`, `historyNotAuthentic`, `vaultNotReady`, and `stateStale` when the history moved on without this vault.
    public mutating func receive(
        _ answer: Span<UInt8>, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> VaultStep {
        guard let step = sent else { throw .vaultNotReady }
        // Whatever is thrown below ends it.
        sent = nil
        switch step {
        case .start:
            try session.started(answer)
            return try read(.read, isLast: phase == .closed, in: buffer)
        case .extend:
            try session.extended(answer, &cryptography)
            return try read(.readAgain, isLast: true, in: buffer)
        case .read, .readAgain:
            let found = try session.contents(answer, &cryptography)
            return try judge(found, after: step, in: buffer)
        }
    }

    private mutating func read(
        _ step: TPMStep, isLast: Bool, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> VaultStep {
        let length = try session.read(isLast: isLast, &cryptography, in: buffer)
        sent = step
        return .send(length)
    }

    private mutating func judge(
        _ found: InlineArray<32, UInt8>, after step: TPMStep, in buffer: consuming MutableSpan<UInt8>
    ) throws(ErrorCode) -> VaultStep {
        if phase == .closed {
            (head, phase) = (found, .looking)
            return .done
        }
        if found.isEqual(to: next) {
            (table, head, phase) = (staged, next, .open)
            return .done
        }
        guard found.isEqual(to: head) else {
            // Another vault goes on from here, or an extension of this one came late: what is next must be looked for.
            phase = .closed
            throw .stateStale
        }
        // It said that it extended, and did not.
        guard step == .read else { throw .historyNotAuthentic }
        let length = try session.extend(digest, &cryptography, in: buffer)
        sent = .extend
        return .send(length)
    }
}
