/// Numbers of the crypto-agile event log (TCG PC Client Platform Firmware Profile 1.06, §10).
public enum EventLogFormat {
    /// TPM_ALG_SHA256.
    public static let sha256: UInt16 = 0x000B
    /// TCG_PCR_EVENT: PCR, type, SHA-1 digest, size of the data (§10.2.1); only the first event has this form.
    public static let legacyHeaderSize = 32
    /// "Spec ID Event03" and its NUL.
    public static let signature: InlineArray<16, UInt8> = [
        0x53, 0x70, 0x65, 0x63, 0x20, 0x49, 0x44, 0x20, 0x45, 0x76, 0x65, 0x6E, 0x74, 0x30, 0x33, 0,
    ]
    /// Offset of the number of algorithms inside the Spec ID event's data (§10.4.5.1).
    public static let algorithmCount = 24
    public static let algorithms = 28
    /// Bytes of a TCG_PCR_EVENT2 with one SHA-256 digest, without its data (§10.2.2).
    public static let eventHeaderSize = 4 + 4 + 4 + 2 + 32 + 4
    /// Bytes of the Spec ID event that the writer makes: one algorithm, no vendor data.
    public static let specIDEventSize = legacyHeaderSize + algorithms + 4 + 1
}

/// Event types (§10.4.1) that firmware of this project writes. A verifier trusts none of them.
public enum EventType {
    public static let postCode: UInt32 = 0x0000_0001
    public static let noAction: UInt32 = 0x0000_0003
    public static let separator: UInt32 = 0x0000_0004
    public static let eventTag: UInt32 = 0x0000_0006
}
