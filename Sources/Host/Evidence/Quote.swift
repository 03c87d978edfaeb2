internal import Bytes
public import Diagnostics
internal import SICEABI
internal import TPMStructures

/// A TPM quote taken apart. Its signature is not checked by parsing it.
public struct Quote: Equatable, Sendable {
    /// Qualifying data that the TPM was given.
    public let qualifyingData: [UInt8]
    /// PCRs of the SHA-256 bank that it covers.
    public let pcrs: [Int]
    public let pcrDigest: [UInt8]
    public let resetCount: UInt32

    /// Throws `quoteMalformedMagic` for a structure that no TPM made or that is no quote, `evidenceTruncated` and
    /// `evidenceMalformedQuote`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        do throws(TPMStructureError) {
            let quote = try TPMQuote(bytes.span)
            qualifyingData = [UInt8](quote.extraData)
            let selection = quote.selection
            pcrs = (0..<24).filter { selection >> UInt32($0) & 1 == 1 }
            pcrDigest = [UInt8](quote.pcrDigest)
            resetCount = quote.resetCount
        } catch {
            switch error {
            case .truncated: throw ToolError(.evidenceTruncated, "quote")
            case .wrongMagicOrType: throw ToolError(.quoteMalformedMagic, "quote")
            case .trailingBytes, .unsupported: throw ToolError(.evidenceMalformedQuote, "quote: \(error)")
            }
        }
    }
}
