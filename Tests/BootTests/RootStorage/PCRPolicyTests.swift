import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import Testing

/// The policy that firmware has which nobody started yet: computed from the values that its PCRs will have.
@Suite struct PCRPolicyTests {
    /// Of PCRs that were extended once, as ``RootMachine/measure(_:)`` does.
    private static let known = "403fabc5619ca23ff0c617e7502dba99fc55a5aaedc37652aa4f1c3603bde058"
    private static let events = ["c0", "c2", "01", "c5"].map { String(repeating: $0, count: 32) }
    private static let zeros = String(repeating: "00", count: 32)

    private func policy(_ values: [[UInt8]]) -> [UInt8] {
        bytes(PolicyDigest(pcrs: InlineArray { pcr in InlineArray { values[pcr][$0] } }).value)
    }

    private func values() throws -> [String] {
        try Self.events.map { try SystemSHA256.hash(Self.zeros + $0) }
    }

    /// What `tpm2_policypcr` printed on a software TPM, and Part 3 §23.7 by the system's SHA-256.
    @Test(.enabled(if: SystemSHA256.isInstalled, "needs sha256sum"))
    func pcrPolicy_isThatOfTheSystemsSHA256() throws {
        let values = try values()
        let digest = try SystemSHA256.hash(values.joined())
        let selection = "00000001" + "000b" + "03" + "350000"
        #expect(try SystemSHA256.hash(Self.zeros + "0000017f" + selection + digest) == Self.known)
        #expect(policy(values.map(\.hex)) == Self.known.hex)
    }

    /// Values count each at their own PCR.
    @Test func pcrPolicy_dependsOnEachValueAtItsPlace() throws {
        let values = (1...4).map { [UInt8](repeating: $0, count: 32) }
        var policies: Set = [policy(values), policy(values.reversed())]
        for pcr in 0..<4 {
            var others = values
            others[pcr][31] ^= 1
            policies.insert(policy(others))
        }
        #expect(policies.count == 6)
    }

    @Test(.enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
    func pcrPolicy_isThatOfATPM() throws {
        let machine = try RootMachine()
        try machine.measure(1)
        #expect(try present(machine) == [0, 0x0B] + Self.known.hex)
        #expect(machine.run(["tpm2_startauthsession", "-S", "s"]) != nil)
        let text = try #require(machine.run(["tpm2_policypcr", "-S", "s", "-l", "sha256:0,2,4,5"]))
        #expect(text.contains(Self.known))
    }

    /// The TPM serves one connection at a time: this one ends here.
    private func present(_ machine: RootMachine) throws -> [UInt8] {
        var client = try machine.client()
        return try client.presentPolicy()
    }

    /// Written into P1 before the successor ever ran, it opens the root for the successor and for nobody
    /// else.
    @Test(.enabled(if: SoftwareTPM.isInstalled && SystemSHA256.isInstalled, "\(SoftwareTPM.condition)"))
    func successor_opensTheRootByAForetoldPolicy() throws {
        let machine = try RootMachine()
        let first = try machine.boot(manager: 7)
        var client = try machine.client()
        let foretold = [0, 0x0B] + policy(try values().map(\.hex))
        try client.write(
            RootIndexSet(0).policies.1.index, by: .authValue(first.authValue), foretold.span)
        #expect(try machine.boot(manager: 1).secrets == first.secrets)
        #expect(throws: ErrorCode.rootRefused) { try machine.boot(manager: 2) }
    }
}
