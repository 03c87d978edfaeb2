@testable import FreshState

/// What decides the future of a world. Random numbers are no part of it, nor what depends on them: they differ on every way,
/// and matter by being the last or not. Heads and hashes are named by the table that they are of.
struct VaultKey: Hashable {
    let phase: Vault<ModelCryptography>.Phase
    let numbers: [Int?]
    let messages: [[Int]]
    let flags: [Bool]
    let parents: [Int?]
    let kept: Set<Int>
}

extension VaultModel {
    func key(of state: VaultWorld) -> VaultKey {
        let (vault, tpm) = (state.bench.vault, state.bench.tpm)
        let heads = [array(vault.head), array(vault.next), tpm.head].map(state.name(ofHead:))
        let numbers = [state.unstored, state.present, state.pending, state.told, tpm.sessions.count]
        return VaultKey(
            phase: vault.phase, numbers: numbers + heads,
            messages: [state.command, state.withheld].map { $0.map(state.kind(of:)) ?? [] },
            flags: [
                state.isHostile, state.answer != nil,
                state.isAlive(state.command), state.isAlive(state.withheld),
            ],
            parents: state.tables.map(\.parent), kept: state.kept)
    }
}

extension VaultWorld {
    /// The table that leads to it, or −1 for the first; nil for one from which nothing goes on.
    func name(ofHead head: [UInt8]) -> Int? {
        head == first ? -1 : tables.firstIndex { $0.head == head }
    }

    /// Which command it is, and which table it extends by.
    func kind(of command: [UInt8]) -> [Int] {
        let digest = Array(command.suffix(32))
        return [Int(command[9]), tables.firstIndex { $0.digest == digest } ?? -1]
    }

    /// Whether the TPM would still take it.
    func isAlive(_ message: [UInt8]?) -> Bool {
        guard let message else { return false }
        var tpm = bench.tpm
        let answer = tpm.execute(message)
        return answer[6..<10] == [0, 0, 0, 0]
    }
}

extension VaultBench<ModelCryptography> {
    mutating func seed(_ seed: UInt64) { vault.cryptography.seed = seed }
}
