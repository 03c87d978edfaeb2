public import Appraisal
internal import Evidence
public import EvidenceFormat

/// What an attacker of a verifier has: honest evidence that he recorded, and what he may have done on the
/// machine.
///
/// All bundles but ``earlier`` answer the challenge of ``expectations``, so that no attack fails for a worse
/// reason than the one that it is about.
public struct EvidenceScene {
    /// Evidence that the verifier affirms.
    public var honest: EvidenceBundle
    /// What the verifier knows.
    public var expectations: Expectations
    /// The same machine in the same boot, asked by an earlier challenge.
    public var earlier: EvidenceBundle?
    /// The same machine in another boot.
    public var otherBoot: EvidenceBundle?
    /// A machine with the same ROM and another TPM.
    public var otherMachine: EvidenceBundle?
    /// A machine with the same ROM that runs a debug image; the enrolled one.
    public var debugImage: EvidenceBundle?
    /// TPMT_SIGNATURE of the enrolled TPM over a structure that root of the machine may make it sign: any
    /// qualifying data and selection, PCRs as root extended them. Nil where nobody is root of the machine.
    public var signAsRoot: (([UInt8]) -> [UInt8])?
    /// A quote of the enrolled TPM that root of the running machine had it make; preferred to ``signAsRoot`` where
    /// both would do. Nil for registers that hold other values than the attack needs.
    public var quoteAsRoot: ((RootQuote) -> RootQuote.Answer?)?
    /// How the machine was enrolled.
    public var enrollment: EnrollmentScene?

    public init(honest: EvidenceBundle, expectations: Expectations) {
        self.honest = honest
        self.expectations = expectations
    }
}

/// What root asks the TPM to quote.
public struct RootQuote: Sendable {
    /// TPMS_ATTEST and TPMT_SIGNATURE.
    public struct Answer: Sendable {
        public let quote: [UInt8]
        public let signature: [UInt8]

        public init(quote: [UInt8], signature: [UInt8]) {
            self.quote = quote
            self.signature = signature
        }
    }

    public let qualifyingData: [UInt8]
    /// Bit map of the PCRs.
    public let selection: UInt32
    /// What root does before, unless the registers hold these values already.
    public let steps: [Step]
    /// The digest that their values must have, or the attack is another one.
    public let digest: [UInt8]

    /// What root may do to a register.
    public enum Step: Sendable {
        case extend(pcr: UInt32, digest: [UInt8])
        /// For the registers that anybody may reset.
        case reset(pcr: UInt32)
    }
}
