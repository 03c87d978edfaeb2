/// Numbers that every part of the system must agree on.
///
/// Nothing here depends on anything else; both worlds (the legacy host and SMRAM) compile it.
public enum ABI {
    /// Version of the command interface. The manager refuses nothing on it; `INFO` reports it and the
    /// `sice` command refuses to talk to another major version.
    public static let version: UInt32 = 1
    /// Page size of every address and size in this interface, in bytes.
    public static let pageSize: UInt64 = 4096
    /// Port whose write raises an SMI on the writing core (ICH9 APM_CNT; PLATFORM: values 2 and 3 never do).
    public static let smiPort: UInt16 = 0xB2
    /// Value written to `smiPort`; also the low byte of RAX at the SMI.
    public static let smiCommandByte: UInt8 = 0xC5
    /// RAX at the SMI: ASCII "SICE" above the command byte. Any other RAX is not for the manager, which
    /// then returns with nothing changed.
    public static let requestMagic: UInt64 = 0x5349_4345_0000_00C5
    /// High half of RAX after the manager answered: ASCII "sice". The low 16 bits hold the `ErrorCode`
    /// raw value, 0 for success.
    public static let responseMagic: UInt64 = 0x7369_6365_0000_0000
    /// Most cores the payload and the manager serve.
    public static let maximumCores = 8
    /// Most isolated environments alive at once.
    public static let maximumEnvironments = 16
    /// Most content pages that one `LOAD` takes (bounds the work inside one SMI, invariant I7).
    public static let maximumBatchPages: UInt64 = 16
    /// Pages that one `SEAL` or `DESTROY` handles before it asks to be called again (I7).
    public static let pagesPerStep: UInt64 = 64
    /// Bytes of workload data carried in a report.
    public static let workloadDataSize = 64
    /// Bytes of a SHA-256 digest.
    public static let digestSize = 32
    /// Bytes of a nonce, exactly.
    public static let nonceSize = 32
    /// Bytes of an uncompressed P-256 point (0x04, X, Y).
    public static let publicKeySize = 65
    /// Room that a `REPORT` output buffer must have, in bytes.
    public static let maximumReportSize = 2048
    /// Run-time log entries that the manager keeps for reading; the hash chain covers all that ever were.
    public static let logCapacity = 128
}
