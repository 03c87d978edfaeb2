internal import Appraisal
internal import Diagnostics
internal import Evidence
internal import EvidenceFormat
internal import OpenSSLCrypto
internal import SICEABI

/// What attackers have at hand.
extension EvidenceScene {
    /// A recorded bundle that answers the present challenge.
    func need(_ bundle: EvidenceBundle?, _ what: String) throws(Unavailable) -> EvidenceBundle {
        guard let bundle else { throw Unavailable(reason: "no evidence of \(what)") }
        guard bundle.nonce == honest.nonce else {
            throw Unavailable(reason: "evidence of \(what) answers another challenge")
        }
        return bundle
    }

    /// Something of evidence that was parsed before, since it was affirmed.
    func parse<T>(_ body: () throws(ToolError) -> T) throws(Unavailable) -> T {
        do { return try body() } catch { throw Unavailable(reason: "\(error.code.name): \(error.detail)") }
    }

    /// Has the TPM quote anew, as root of the machine may: for the report that is in the bundle, over the PCR
    /// values that are in the bundle. `selection` is the bit map of PCRs 0 to 23; that of the format when
    /// nil. `steps` bring the machine's registers there.
    func requote(
        _ bundle: EvidenceBundle, pcrs: [[UInt8]]? = nil, selection: [UInt8]? = nil,
        after steps: [RootQuote.Step] = []
    ) throws(Unavailable) -> EvidenceBundle {
        var result = bundle
        if let quoteAsRoot {
            let wanted = wanted(for: bundle, pcrs ?? bundle.pcrs, selection, steps)
            guard let answer = quoteAsRoot(wanted) else {
                throw Unavailable(reason: "the machine's registers hold other values")
            }
            (result.quote, result.quoteSignature) = (answer.quote, answer.signature)
            return result
        }
        guard let signAsRoot else { throw Unavailable(reason: "nobody is root of the machine") }
        result.quote = try quote(for: bundle, pcrs: pcrs ?? bundle.pcrs, selection: selection)
        result.quoteSignature = signAsRoot(result.quote)
        return result
    }

    private func wanted(
        for bundle: EvidenceBundle, _ pcrs: [[UInt8]], _ selection: [UInt8]?, _ steps: [RootQuote.Step]
    ) -> RootQuote {
        let other = selection?.reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return RootQuote(
            qualifyingData: QuoteBinding.qualifyingData(nonce: bundle.nonce, report: bundle.report),
            selection: other ?? EvidenceBundle.quotedPCRMask, steps: steps,
            digest: SHA256.hash(pcrs.flatMap { $0 }))
    }

    /// TPMS_ATTEST for a bundle, made out of the honest one.
    func quote(
        for bundle: EvidenceBundle, pcrs: [[UInt8]], selection: [UInt8]? = nil
    ) throws(Unavailable) -> [UInt8] {
        let digestSize = ABI.digestSize
        let old = QuoteBinding.qualifyingData(nonce: honest.nonce, report: honest.report)
        let new = QuoteBinding.qualifyingData(nonce: bundle.nonce, report: bundle.report)
        var quote = try replace(old, by: new, in: honest.quote)
        quote.replaceSubrange((quote.count - digestSize)..., with: SHA256.hash(pcrs.flatMap { $0 }))
        if let selection {
            let end = quote.count - digestSize - 2
            quote.replaceSubrange((end - selection.count)..<end, with: selection)
        }
        return quote
    }

    /// Bytes with one part, which must stand there once, replaced by another of the same length.
    func replace(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8]) throws(Unavailable) -> [UInt8] {
        let places = bytes.indices.filter { bytes[$0...].starts(with: old) }
        guard places.count == 1, old.count == new.count else {
            throw Unavailable(reason: "what is to be changed stands \(places.count) times in the evidence")
        }
        var result = bytes
        result.replaceSubrange(places[0]..<(places[0] + old.count), with: new)
        return result
    }

    /// The bundle's report under a key of the attacker.
    func resign(_ bundle: EvidenceBundle, _ key: SoftwareKey) throws(Unavailable) -> EvidenceBundle {
        let signed = try parse { () throws(ToolError) in try SignedReport(bundle.report).signedBytes }
        let signature = key.sign(signed)
        var result = bundle
        result.report = try replace(
            SHA256.hash(bundle.reportKey), by: SHA256.hash(key.point), in: bundle.report)
        result.report.replaceSubrange((result.report.count - 64)..., with: signature.r + signature.s)
        result.reportKey = key.point
        return result
    }
}
