import Appraisal
import Diagnostics
import Evidence
import EvidenceForge
import EvidenceFormat
import RedTeam
import ReportFormat
import SICEABI
import Testing

@testable import VerdictPage

/// A page of evidence, as `verify` makes it.
struct PageSample {
    let verdict: Verdict
    let bytes: [UInt8]
    let root: PageElement

    init(
        _ bundle: EvidenceBundle, _ expectations: Expectations, inputs: [VerdictPage.Input] = []
    ) throws {
        let evidence = try UnverifiedEvidence(bundle)
        verdict = try Appraiser(evidence, expectations).verdict()
        bytes = VerdictPage(verdict, on: evidence, by: expectations, inputs: inputs).bytes
        root = try #require(PageElement.read(bytes))
    }

    init(_ forge: Forge) throws { try self.init(forge.bundle(), forge.expectations) }

    func text(_ identifier: String) throws -> String {
        try #require(root.element(identifier), "\(identifier)").text
    }

    /// Refused evidence of an image with this name.
    static func hostile(_ name: String) throws -> PageSample {
        var forge = Forge()
        forge.claims.imageName = name
        forge.claims.state = .dead
        return try PageSample(forge)
    }

    /// Evidence that is affirmed, that fails checks of every kind, and that is checked against nothing.
    enum Kind: CaseIterable { case affirmed, refused, open }

    init(_ kind: Kind) throws {
        var forge = Forge()
        switch kind {
        case .affirmed: try self.init(forge)
        case .refused:
            let expectations = forge.expectations
            forge.events[3].digest[0] ^= 1
            forge.events.append(forge.event(9, 5, "more"))
            forge.claims.isDebug = true
            forge.claims.state = .dead
            forge.claims.posture[.smramLocked] = .absent
            forge.claims.measurement[0] ^= 1
            forge.claims.managerDigest[0] ^= 1
            forge.claims.logCount += 1
            forge.quoteMagic ^= 1
            forge.reportKey = .init()
            forge.attestationKey = .init()
            forge.nonce[0] ^= 1
            forge.claims.nonce = forge.nonce
            var bundle = forge.bundle()
            bundle.pcrs[1][0] ^= 1
            bundle.reportKey = Forge().reportKey.point
            try self.init(bundle, expectations)
        case .open: try self.init(forge.bundle(), Expectations(policy: .standIn))
        }
    }
}
