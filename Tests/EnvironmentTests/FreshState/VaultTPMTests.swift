import FreshState
import NVSession
import RootStorage
import SHA2
import SICEABI
import SealedData
import SoftwareTPM
import TPM2
import TPMAttestation
import Testing

/// The vault on a real TPM's index, as the first boot makes it.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
final class VaultTPMTests {
    private let tpm: SoftwareTPM
    private let root: StoredRoot
    private var vault: Vault<HostCryptography>
    private let set = RootIndexSet(0)

    init() throws {
        tpm = try SoftwareTPM(rsaBits: nil)
        var client = TPMClient(try TPMDevice(socket: tpm.socket))
        let entropy = [UInt8](repeating: 0xE7, count: 64)
        root = try client.openRoot(entropy: entropy.span)
        try client.closePlatformHierarchy()
        vault = Self.vault(root, set)
    }

    private static func vault(_ root: StoredRoot, _ set: RootIndexSet) -> Vault<HostCryptography> {
        let side = SealedDataSide(name: SealSide.measurement, product: 0, digest: .init(repeating: 5))
        let history = NVSession(index: set.history.index, name: set.history.name, authValue: root.authValue)
        return Vault(
            VaultIdentity(side: side, key: .init(repeating: 3)), history: history,
            cryptography: HostCryptography())
    }

    /// Carries up to so many commands, and closes the device. Whether there was none left.
    private func carry(_ command: [UInt8], most: Int = .max) throws -> Bool {
        var device = try TPMDevice(socket: tpm.socket)
        var next = command
        for _ in 0..<most {
            var answer = [UInt8](repeating: 0, count: 512)
            var span = answer.mutableSpan
            let count = try device.transmit(next.span, into: &span)
            answer.removeLast(answer.count - count)
            var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
            guard case .send(let length) = try vault.receive(answer.span, in: buffer.mutableSpan) else {
                return true
            }
            next = Array(buffer[..<length])
        }
        return false
    }

    private func look() throws {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try vault.look(in: buffer.mutableSpan)
        #expect(try carry(Array(buffer[..<length])))
    }

    private func settle(most: Int = .max) throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: NVSession.commandSize)
        let length = try vault.settle(in: buffer.mutableSpan)
        return try carry(Array(buffer[..<length]), most: most)
    }

    private func seal(_ value: UInt8) throws -> [UInt8] {
        try vault.commit(.sample(1), from: vault.register(of: .sample(1)).value, to: .init(repeating: value))
        var blob = [UInt8](repeating: 0, count: Vault<HostCryptography>.blobSize)
        var span = blob.mutableSpan
        try vault.seal(in: &span)
        return blob
    }

    private func offer(_ blob: [UInt8]) throws -> TableVerdict { try vault.offer(blob.span) }

    /// The head as tpm2-tools read it, with the index's own authorization value.
    private func head() throws -> String {
        let secret = hexadecimal(root.authValue)
        let command =
            "tpm2_nvread 0x01400103 -C 0x01400103 -P hex:\(secret) -s 32 | od -An -v -tx1 | tr -d ' \\n'"
        return try #require(tpm.runTool(["sh", "-c", command]))
    }

    private func hexadecimal(_ bytes: InlineArray<32, UInt8>) -> String {
        array(bytes).map { String(UInt32($0) | 0x100, radix: 16).dropFirst() }.joined()
    }

    /// Each commit moves the head by exactly its table's hash; sessions do not pile up.
    @Test func head_isTheHashChainOfTheTables() throws {
        try look()
        try vault.begin()
        let zeros = [UInt8](repeating: 0, count: 64)
        var expected = array(SHA256.hash(zeros.span))
        for value in 1...100 as ClosedRange<UInt8> {
            let blob = try seal(value)
            let link = expected + array(SHA256.hash(blob.span))
            expected = array(SHA256.hash(link.span))
            #expect(try settle())
        }
        #expect(vault.commits == 100)
        #expect(try head() == hexadecimal(InlineArray { expected[$0] }))
        #expect(tpm.runTool(["tpm2_getcap", "handles-loaded-session"]) == "")
    }

    /// Power goes after each of the commands of a commit: what was acknowledged is there, and what was stored can be settled.
    @Test(arguments: 0...4)
    func state_outlivesAPowerCut(commands: Int) throws {
        try look()
        try vault.begin()
        let first = try seal(1)
        #expect(try settle())
        let second = try seal(2)
        let isSettled = try settle(most: commands)
        #expect(isSettled == (commands == 4))
        try tpm.cutPower()
        vault = Self.vault(root, set)
        try look()
        // The extension is the third command.
        if commands < 3 {
            #expect(try offer(first) == .current)
            #expect(try vault.register(of: .sample(1)).value[0] == 1)
            vault = Self.vault(root, set)
            try look()
            #expect(try offer(second) == .pending)
            #expect(try settle())
        } else {
            #expect(throws: ErrorCode.stateStale) { try offer(first) }
            #expect(try offer(second) == .current)
        }
        #expect(try vault.register(of: .sample(1)).value[0] == 2)
    }

    /// Who does not know the authorization value can neither read the head nor move it, whatever else he may do.
    @Test func host_cannotMoveTheHead() throws {
        let before = try head()
        for authorization in ["-C o", "-C p", "-C 0x01400103", "-C 0x01400103 -P hex:00"] {
            let command = "echo x | tpm2_nvextend \(authorization) -i - 0x01400103"
            #expect(tpm.runTool(["sh", "-c", command]) == nil)
        }
        #expect(tpm.runTool(["tpm2_nvundefine", "-C", "o", "0x01400103"]) == nil)
        #expect(try head() == before)
        try look()
        try vault.begin()
    }
}
