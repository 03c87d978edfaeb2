internal import Bytes
public import Diagnostics
internal import SICEABI
public import TPM2

/// What attestation asks of a TPM: keys, certificate, activation, quote. Keys are derived from the endorsement
/// seed on each use and flushed afterwards; nothing is stored.
public struct AttestationTPM<Transport: TPMTransport & ~Copyable>: ~Copyable {
    private var client: TPMClient<Transport>

    public init(_ transport: consuming Transport) {
        client = TPMClient(transport)
    }

    /// What enrollment sends: TPM2B_PUBLIC of both keys and the certificate in DER.
    public struct Identity: Equatable, Sendable {
        public let endorsementCertificate: [UInt8]
        public let endorsementKey: [UInt8]
        public let attestationKey: [UInt8]
    }

    /// A signed statement of the TPM about its PCRs.
    public struct Quote: Equatable, Sendable {
        /// TPMS_ATTEST.
        public let attest: [UInt8]
        /// TPMT_SIGNATURE.
        public let signature: [UInt8]
        /// TPM2B_PUBLIC of the key that signed.
        public let attestationKey: [UInt8]
    }

    /// Reads who this TPM is, by the first endorsement key that has a certificate or by a given one. Throws
    /// `tpmCommandFailed` when there is no certificate.
    public mutating func identity(_ template: EndorsementTemplate? = nil) throws(ToolError) -> Identity {
        let template = try chosen(template)
        let certificate = try run("reading the endorsement certificate") { client throws(ErrorCode) in
            try client.readNV(template.certificateIndex)
        }
        let endorsement = try endorsementKey(template)
        let attestation = try publicArea(KeyTemplate.attestationKey, "making the attestation key")
        return Identity(
            endorsementCertificate: trimmed(certificate), endorsementKey: endorsement,
            attestationKey: attestation)
    }

    /// TPM2B_PUBLIC of an endorsement key, with or without a certificate.
    public mutating func endorsementKey(_ template: EndorsementTemplate) throws(ToolError) -> [UInt8] {
        try publicArea(template.publicArea, "making the endorsement key")
    }

    /// A given template; else the first one whose key has a certificate, and the most common one when none
    /// has.
    private mutating func chosen(
        _ template: EndorsementTemplate?
    ) throws(ToolError) -> EndorsementTemplate {
        if let template { return template }
        for template in EndorsementTemplate.allCases {
            do throws(ErrorCode) {
                if try client.sizeOfNV(template.certificateIndex) > 0 { return template }
            } catch {
                // A failed command means that there is no such index; anything else that there is no TPM.
                guard error == .tpmCommandFailed else { throw ToolError(error, "looking for a certificate") }
            }
        }
        return .rsa2048
    }

    /// Proves that both keys are in this TPM: decrypts a credential that was made for them.
    /// `credential` is a TPM2B_ID_OBJECT, `secret` a TPM2B_ENCRYPTED_SECRET. Throws `tpmCommandFailed` when it
    /// was made for others.
    public mutating func activate(
        credential: [UInt8], secret: [UInt8], _ template: EndorsementTemplate? = nil
    ) throws(ToolError) -> [UInt8] {
        let template = try chosen(template)
        return try run("activating the credential") { client throws(ErrorCode) in
            let endorsement = try client.createPrimary(template: template.publicArea).handle
            defer { try? client.flush(endorsement) }
            let attestation = try client.createPrimary(template: KeyTemplate.attestationKey).handle
            defer { try? client.flush(attestation) }
            return try client.activate(
                attestationKey: attestation, endorsementKey: endorsement,
                byPolicy: template.needsPolicySession, credential: credential, secret: secret)
        }
    }

    /// Quotes the PCRs of `pcrMask` in the SHA-256 bank.
    public mutating func quote(qualifyingData: [UInt8], pcrMask: UInt32) throws(ToolError) -> Quote {
        try run("quoting") { client throws(ErrorCode) in
            let key = try client.createPrimary(template: KeyTemplate.attestationKey)
            defer { try? client.flush(key.handle) }
            let quote = try client.quote(key: key.handle, qualifyingData: qualifyingData, pcrMask: pcrMask)
            return Quote(attest: quote.attest, signature: quote.signature, attestationKey: key.publicArea)
        }
    }

    /// The SHA-256 value of a PCR.
    public mutating func pcr(_ number: UInt32) throws(ToolError) -> [UInt8] {
        try run("reading PCR \(number)") { client throws(ErrorCode) in
            var value = InlineArray<32, UInt8>(repeating: 0)
            var span = value.mutableSpan
            try client.readPCR(number, into: &span)
            return [UInt8](span.span)
        }
    }

    private mutating func publicArea(_ template: [UInt8], _ purpose: String) throws(ToolError) -> [UInt8] {
        try run(purpose) { client throws(ErrorCode) in
            let key = try client.createPrimary(template: template)
            try client.flush(key.handle)
            return key.publicArea
        }
    }

    private mutating func run<Result>(
        _ purpose: String, _ body: (inout TPMClient<Transport>) throws(ErrorCode) -> Result
    ) throws(ToolError) -> Result {
        do { return try body(&client) } catch {
            let code = String(client.lastResponseCode, radix: 16)
            throw ToolError(
                error, error == .tpmCommandFailed ? "\(purpose): response code 0x\(code)" : purpose)
        }
    }
}

/// The DER structure at the start of an NV index, without the padding that some vendors put behind it.
func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count > 4, bytes[0] == 0x30, bytes[1] == 0x82 else { return bytes }
    return Array(bytes.prefix(4 + (Int(bytes[2]) << 8 | Int(bytes[3]))))
}
