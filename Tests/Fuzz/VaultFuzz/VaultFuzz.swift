import FreshState
import NVSession
import SHA2
import SICEABI
import SealedData
import ToyCipher

/// Any bytes as what a host does with the vault and hands to it: answers of the TPM, tables, requests. Once with keys that nobody
/// has: nothing is believed. And once where every key is right and every proof is zeros, so that what lies behind them is
/// reached: no input ends it otherwise than by an error that is meant for it.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let phase = play(input[...], FuzzCryptography(isOpen: false))
    precondition(phase == .closed, "an answer that no TPM gave was believed")
    _ = play(input[...], FuzzCryptography(isOpen: true))
    return 0
}

private func play(
    _ input: ArraySlice<UInt8>, _ cryptography: FuzzCryptography
) -> Vault<FuzzCryptography>.Phase {
    let side = SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 1))
    var vault = Vault(
        VaultIdentity(side: side, key: .init(repeating: 0x5A)),
        history: NVSession(index: 0x0140_0103, name: .init(repeating: 2), authValue: .init(repeating: 0xA5)),
        cryptography: cryptography)
    var input = input
    while let kind = input.popFirst(), let length = input.popFirst() {
        let message = Array(input.prefix(Int(length)))
        input = input.dropFirst(Int(length))
        do throws(ErrorCode) { try perform(kind % 8, message, &vault) } catch {
            let expected: [ErrorCode] = [
                .historyRefused, .historyNotAuthentic, .vaultNotReady, .sealedDataMalformed,
                .sealedDataRefused,
                .stateStale, .stateLost, .stateConflict, .stateTableFull,
            ]
            precondition(expected.contains(error), "another error")
        }
    }
    return vault.phase
}

private func perform(
    _ kind: UInt8, _ message: [UInt8], _ vault: inout Vault<FuzzCryptography>
) throws(ErrorCode) {
    var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
    var blob = message + [UInt8](repeating: 0, count: Vault<FuzzCryptography>.blobSize - message.count)
    let key = StateKey(measurement: .init(repeating: message.first ?? 0))
    switch kind {
    case 0: _ = try vault.look(in: buffer.mutableSpan)
    case 1: _ = try vault.receive(message.span, in: buffer.mutableSpan)
    case 2: _ = try vault.offer(blob.span)
    case 3: try vault.begin()
    case 4:
        let old = try vault.register(of: key).value
        try vault.commit(key, from: old, to: .init(repeating: message.last ?? 0))
    case 5: _ = try vault.forget(key)
    case 6:
        var span = blob.mutableSpan
        try vault.seal(in: &span)
    default: _ = try vault.settle(in: buffer.mutableSpan)
    }
}

/// Proofs that depend on all of the key, or that are zeros.
private struct FuzzCryptography: VaultCryptography {
    let isOpen: Bool
    private var cipher = HashCipher()

    init(isOpen: Bool) { self.isOpen = isOpen }

    func hash(_ bytes: Span<UInt8>) -> InlineArray<32, UInt8> { SHA256.hash(bytes) }

    mutating func random() throws(ErrorCode) -> InlineArray<32, UInt8> { .init(repeating: 0x11) }

    mutating func authenticate(_ message: Span<UInt8>, key: Span<UInt8>) -> InlineArray<32, UInt8> {
        isOpen ? .init(repeating: 0) : cipher.authenticate(message, key: key)
    }

    mutating func run(
        _ bytes: inout MutableSpan<UInt8>, key: Span<UInt8>, nonce: Span<UInt8>, encrypts: Bool
    ) -> InlineArray<16, UInt8> {
        isOpen ? .init(repeating: 0) : cipher.run(&bytes, key: key, nonce: nonce, encrypts: encrypts)
    }
}
