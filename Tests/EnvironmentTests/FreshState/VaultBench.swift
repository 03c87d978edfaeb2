import FreshState
import NVSession
import SICEABI
import SealedData

/// A vault, its TPM, and a host that does what it should unless a test says otherwise.
struct VaultBench<Cryptography: VaultCryptography> {
    var vault: Vault<Cryptography>
    var tpm: HistoryTPM<Cryptography>
    private let cryptography: Cryptography
    private let key: UInt8

    init(_ cryptography: Cryptography, key: UInt8 = 3) {
        (self.cryptography, self.key) = (cryptography, key)
        tpm = HistoryTPM(
            name: [UInt8](repeating: 7, count: 32), authValue: [UInt8](repeating: 9, count: 32),
            cryptography: cryptography)
        vault = Self.vault(cryptography, key)
    }

    /// The vault starts anew, and knows nothing.
    mutating func restart() { vault = Self.vault(cryptography, key) }

    private static func vault(_ cryptography: Cryptography, _ key: UInt8) -> Vault<Cryptography> {
        let side = SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 5))
        let history = NVSession(
            index: HistoryTPM<Cryptography>.index, name: .init(repeating: 7), authValue: .init(repeating: 9))
        return Vault(
            VaultIdentity(side: side, key: .init(repeating: key)), history: history,
            cryptography: cryptography)
    }

    mutating func look() throws {
        try exchange(try lookCommand())
    }

    mutating func settle() throws {
        try exchange(try settleCommand())
        tpm.endSessions()
    }

    /// Carries commands and answers until the vault has what it wanted.
    mutating func exchange(_ command: [UInt8]) throws {
        var command = command
        while let next = try receive(tpm.execute(command)) { command = next }
    }

    mutating func lookCommand() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try vault.look(in: buffer.mutableSpan)
        return Array(buffer[..<length])
    }

    mutating func settleCommand() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try vault.settle(in: buffer.mutableSpan)
        return Array(buffer[..<length])
    }

    /// The next command; nil when there is none.
    mutating func receive(_ answer: [UInt8]) throws -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        switch try vault.receive(answer.span, in: buffer.mutableSpan) {
        case .send(let length): return Array(buffer[..<length])
        case .done: return nil
        }
    }

    mutating func offer(_ blob: [UInt8]) throws -> TableVerdict { try vault.offer(blob.span) }

    mutating func seal() throws -> [UInt8] {
        var blob = [UInt8](repeating: 0, count: Vault<Cryptography>.blobSize)
        var span = blob.mutableSpan
        try vault.seal(in: &span)
        return blob
    }

    /// What a commit takes, from the present value to another. The table, as it is stored.
    mutating func commit(_ value: UInt8, of key: StateKey = .sample(1)) throws -> [UInt8] {
        try vault.commit(key, from: vault.register(of: key).value, to: .init(repeating: value))
        let blob = try seal()
        try settle()
        return blob
    }

    func register(of key: StateKey = .sample(1)) throws -> StateRegister { try vault.register(of: key) }
}

extension StateKey {
    /// Of a program of its own for each number.
    static func sample(_ number: UInt8) -> StateKey { StateKey(measurement: .init(repeating: number)) }
}
