import NVSession
import SICEABI
import SealedData
import TPM2

/// One NV extend index behind sessions, as a TPM has it: what the vault sees of one. The HMACs are computed here, apart from
/// the code under test.
struct HistoryTPM<Cryptography: VaultCryptography> {
    static var index: UInt32 { 0x0140_0103 }
    var head: [UInt8]
    let name: [UInt8]
    let authValue: [UInt8]
    var cryptography: Cryptography
    /// Nonces of the sessions that live, by handle.
    private(set) var sessions: [UInt32: [UInt8]] = [:]
    private(set) var extensions = 0
    private var nonces: UInt8 = 0x80

    init(name: [UInt8], authValue: [UInt8], cryptography: Cryptography) {
        (self.name, self.authValue, self.cryptography) = (name, authValue, cryptography)
        let zeros = InlineArray<32, UInt8>(repeating: 0)
        head = array(cryptography.extended(zeros, by: zeros))
    }

    /// Sessions end with power, and when the file of the relay is closed.
    mutating func endSessions() { sessions = [:] }

    /// The answer to a command.
    mutating func execute(_ command: [UInt8]) -> [UInt8] {
        switch number(command[6..<10]) {
        case TPMCommandCode.startAuthSession: start()
        case TPMCommandCode.nvExtend: authorized(command) { $0.extend($1) }
        case TPMCommandCode.nvRead: authorized(command) { tpm, _ in [0, 32] + tpm.head }
        default: header(TPMResponseCode.noSuchCommand, [])
        }
    }

    private mutating func start() -> [UInt8] {
        let handle = (0x0200_0000..<0x0200_0003).first { sessions[$0] == nil }
        // TPM_RC_SESSION_MEMORY.
        guard let handle else { return header(0x903, []) }
        let nonce = nextNonce()
        sessions[handle] = nonce
        return header(0, bytes(handle) + [0, 32] + nonce)
    }

    private mutating func extend(_ parameters: [UInt8]) -> [UInt8] {
        let data = InlineArray<32, UInt8> { parameters[$0 + 2] }
        let before = InlineArray<32, UInt8> { head[$0] }
        head = array(cryptography.extended(before, by: data))
        extensions += 1
        return []
    }

    private mutating func authorized(
        _ command: [UInt8], _ body: (inout Self, [UInt8]) -> [UInt8]
    ) -> [UInt8] {
        let session = number(command[22..<26])
        // TPM_RC_REFERENCE_S0: there is no such session.
        guard let nonceTPM = sessions[session] else { return header(0x918, []) }
        // TPM_RC_SIZE.
        guard command[26..<28] == [0, 32], command[61..<63] == [0, 32] else { return header(0x9D5, []) }
        let (code, caller, attributes) = (Array(command[6..<10]), Array(command[28..<60]), command[60])
        let parameters = Array(command[95...])
        let names = [0, 0x0B] + name + [0, 0x0B] + name
        let expected = hmac(hash(code + names + parameters) + caller + nonceTPM + [attributes])
        guard expected == Array(command[63..<95]) else { return header(TPMResponseCode.wrongPassword, []) }
        let answer = body(&self, parameters)
        let nonce = nextNonce()
        sessions[session] = attributes & 1 == 0 ? nil : nonce
        let proof = hmac(hash(bytes(UInt32(0)) + code + answer) + nonce + caller + [attributes])
        return header(
            0, bytes(UInt32(answer.count)) + answer + [0, 32] + nonce + [attributes, 0, 32] + proof, tag: 0x02
        )
    }

    private mutating func nextNonce() -> [UInt8] {
        nonces &+= 1
        return [UInt8](repeating: nonces, count: 32)
    }

    private func hash(_ bytes: [UInt8]) -> [UInt8] { array(cryptography.hash(bytes.span)) }

    private func hmac(_ bytes: [UInt8]) -> [UInt8] {
        var cryptography = cryptography
        return array(cryptography.authenticate(bytes.span, key: authValue.span))
    }

    private func header(_ code: UInt32, _ body: [UInt8], tag: UInt8 = 0x01) -> [UInt8] {
        [0x80, tag] + bytes(UInt32(10 + body.count)) + bytes(code) + body
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }

    private func bytes(_ value: UInt32) -> [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}

func array(_ value: InlineArray<32, UInt8>) -> [UInt8] { value.indices.map { value[$0] } }
