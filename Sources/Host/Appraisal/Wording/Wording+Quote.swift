extension NoncePolicy.Answer {
    var words: Wording {
        switch self {
        case .noChallenge: Wording(missing: "the challenge with --nonce or --challenge")
        case .nonce(let nonce, in: .bundle): Wording(nonce, from: "challenge", in: "bundle: nonce")
        case .nonce(let nonce, in: .report): Wording(nonce, from: "challenge", in: "report: nonce")
        }
    }
}

extension ReportSignaturePolicy.Answer {
    var words: Wording {
        Wording(
            expected: "valid", from: "bundle: report_key", found: self == .valid ? "valid" : "invalid",
            in: "report: key identifier and signature")
    }
}

extension AttestationKeyPolicy.Answer {
    var words: Wording {
        switch self {
        case .notEnrolled: .notEnrolled
        case .name(let name):
            Wording(name, from: "enrollment: name of the key", in: "bundle: attestation_key")
        }
    }
}

extension QuoteSignaturePolicy.Answer {
    var words: Wording {
        switch self {
        case .notEnrolled: .notEnrolled
        case .valid, .invalid:
            Wording(
                expected: "valid", from: "enrollment: key", found: self == .valid ? "valid" : "invalid",
                in: "bundle: quote_signature")
        }
    }
}

extension Wording {
    fileprivate static let notEnrolled = Wording(missing: "the machine's record with --enrollment")
}

extension QuoteOriginPolicy.Answer {
    var words: Wording {
        let library = "TPM 2.0 Library"
        return switch self {
        case .quote: Wording(expected: "quote", from: library, found: "quote", in: "quote")
        case .foreign(let start):
            Wording(expected: "ff5443478018", from: library, found: start.hex, in: "quote: magic and type")
        }
    }
}

extension QuoteBindingPolicy.Answer {
    var words: Wording {
        Wording(qualifyingData, from: "challenge and report", in: "quote: qualifying data")
    }
}

extension PCRDigestPolicy.Answer {
    var words: Wording {
        switch self {
        case .selection(let pcrs):
            Wording(
                expected: "\(pcrs.expected)", from: "evidence format", found: "\(pcrs.found)",
                in: "quote: selection")
        case .digest(let digest): Wording(digest, from: "bundle: pcrs", in: "quote: PCR digest")
        }
    }
}
