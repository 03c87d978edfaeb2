public import NVSession
public import SICEABI

/// The register of every environment that keeps its state outside, and the proof that it is the newest.
///
/// The table lies sealed on the host's disk. The TPM holds one value, the head of the history: each commit extends it by the
/// hash of the table that it wrote. A table is the present one if the head is what its commit made of the head before it. Were
/// the head a counter, a table that was written but never committed could later pass for the one that was.
///
/// No input and no output is here: commands for the TPM are handed out, answers are handed in, and whoever carries them can
/// withhold, delay and repeat what it likes. A state is acknowledged when the TPM, in an answer of this session, said a head
/// that holds it.
///
/// - ``look(in:)``, answers; ``offer(_:)`` until one table is taken, or ``begin()`` where there never was one;
/// - ``commit(_:from:to:)``, several; ``seal(in:)``; the host stores; ``settle(in:)``, answers.
public struct Vault<Cryptography: VaultCryptography> {
    /// What can be asked of it.
    public enum Phase: Equatable, Sendable {
        /// ``look(in:)``: no head is known.
        case closed
        /// ``offer(_:)``, ``begin()``: the head is known, the table is not.
        case looking
        /// ``settle(in:)``, ``offer(_:)``: a table was offered that the history does not hold yet; what came before is not known.
        case offered
        /// ``settle(in:)``: a table was given out that the history does not hold yet.
        case pending
        /// ``commit(_:from:to:)``, ``seal(in:)``: the table is the present one.
        case open
    }

    public internal(set) var phase = Phase.closed
    var cryptography: Cryptography
    let identity: VaultIdentity
    var session: NVSession
    /// What was sent and has no answer yet.
    var sent: TPMStep?
    /// Of the history, as the TPM said last.
    var head = InlineArray<32, UInt8>(repeating: 0)
    /// Hash of what `staged` was sealed to, and the head with it.
    var digest = InlineArray<32, UInt8>(repeating: 0)
    var next = InlineArray<32, UInt8>(repeating: 0)
    /// What was committed, and what will be.
    var table = StateTable()
    var staged = StateTable()

    /// - Parameters:
    ///   - history: a session on the index that holds the head, not started.
    public init(_ identity: VaultIdentity, history: NVSession, cryptography: Cryptography) {
        (self.identity, session, self.cryptography) = (identity, history, cryptography)
    }

    /// What an environment's state was at the last commit. Throws `vaultNotReady`.
    public func register(of key: StateKey) throws(ErrorCode) -> StateRegister {
        guard phase == .open || phase == .pending else { throw .vaultNotReady }
        return table.register(of: key)
    }

    /// There is something to commit.
    public var isChanged: Bool { phase == .open && staged != table }

    /// Commits of this history.
    public var commits: UInt64 { table.commit }
}
