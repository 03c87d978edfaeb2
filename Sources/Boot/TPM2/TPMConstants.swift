/// Structure tags (TCG TPM 2.0 Library, Part 2 §6.9 TPM_ST).
public enum TPMTag {
    public static let noSessions: UInt16 = 0x8001
    public static let sessions: UInt16 = 0x8002
    public static let attestQuote: UInt16 = 0x8018
}

/// Command codes (Part 2 §6.5.2 TPM_CC).
public enum TPMCommandCode {
    public static let nvUndefineSpaceSpecial: UInt32 = 0x0000_011F
    public static let hierarchyControl: UInt32 = 0x0000_0121
    public static let nvUndefineSpace: UInt32 = 0x0000_0122
    public static let nvDefineSpace: UInt32 = 0x0000_012A
    public static let createPrimary: UInt32 = 0x0000_0131
    public static let nvExtend: UInt32 = 0x0000_0136
    public static let nvWrite: UInt32 = 0x0000_0137
    public static let nvWriteLock: UInt32 = 0x0000_0138
    public static let selfTest: UInt32 = 0x0000_0143
    public static let startup: UInt32 = 0x0000_0144
    public static let activateCredential: UInt32 = 0x0000_0147
    public static let nvRead: UInt32 = 0x0000_014E
    public static let nvReadLock: UInt32 = 0x0000_014F
    public static let policySecret: UInt32 = 0x0000_0151
    public static let quote: UInt32 = 0x0000_0158
    public static let flushContext: UInt32 = 0x0000_0165
    public static let policyAuthValue: UInt32 = 0x0000_016B
    public static let policyCommandCode: UInt32 = 0x0000_016C
    public static let nvReadPublic: UInt32 = 0x0000_0169
    public static let policyOR: UInt32 = 0x0000_0171
    public static let readPublic: UInt32 = 0x0000_0173
    public static let startAuthSession: UInt32 = 0x0000_0176
    public static let getCapability: UInt32 = 0x0000_017A
    public static let getRandom: UInt32 = 0x0000_017B
    public static let pcrRead: UInt32 = 0x0000_017E
    public static let policyPCR: UInt32 = 0x0000_017F
    public static let pcrExtend: UInt32 = 0x0000_0182
    public static let policyGetDigest: UInt32 = 0x0000_0189
    public static let policyPassword: UInt32 = 0x0000_018C
    public static let policyNVWritten: UInt32 = 0x0000_018F
    public static let policyAuthorizeNV: UInt32 = 0x0000_0192
}

/// Handles (Part 2 §7.4 TPM_RH); a PCR's handle is its number (§7.2).
public enum TPMHandle {
    public static let owner: UInt32 = 0x4000_0001
    public static let null: UInt32 = 0x4000_0007
    /// Session handle of a password authorization (TPM_RS_PW).
    public static let password: UInt32 = 0x4000_0009
    public static let endorsement: UInt32 = 0x4000_000B
    public static let platform: UInt32 = 0x4000_000C
    public static let platformNV: UInt32 = 0x4000_000D
}

/// Algorithm and curve identifiers (Part 2 §6.3 TPM_ALG_ID, §6.4 TPM_ECC_CURVE).
public enum TPMAlgorithm {
    public static let rsa: UInt16 = 0x0001
    public static let sha1: UInt16 = 0x0004
    public static let aes: UInt16 = 0x0006
    public static let sha256: UInt16 = 0x000B
    public static let sha384: UInt16 = 0x000C
    public static let null: UInt16 = 0x0010
    public static let ecdsa: UInt16 = 0x0018
    public static let ecc: UInt16 = 0x0023
    public static let cfb: UInt16 = 0x0043
    /// TPM_ECC_NIST_P256.
    public static let curveP256: UInt16 = 0x0003
    public static let curveP384: UInt16 = 0x0004
}

/// Capabilities and properties asked for by GetCapability (Part 2 §6.12 and §6.13).
public enum TPMCapability {
    public static let commands: UInt32 = 2
    public static let properties: UInt32 = 6
    /// TPM_PT_MANUFACTURER.
    public static let manufacturer: UInt32 = 0x105
    /// TPM_PT_STARTUP_CLEAR, a TPMA_STARTUP_CLEAR.
    public static let startupClear: UInt32 = 0x201
    /// TPMA_STARTUP_CLEAR.phEnable: the platform hierarchy is open (Part 2 §8.6).
    public static let platformHierarchyEnabled: UInt32 = 1
    /// TPMA_CC.commandIndex: the code without what else a capability says of a command (Part 2 §8.9).
    public static let commandIndex: UInt32 = 0xFFFF
}

/// Response codes that callers tell apart (Part 2 §6.6 TPM_RC).
public enum TPMResponseCode {
    public static let success: UInt32 = 0
    /// Startup was done before; for firmware that comes after other firmware this is no failure.
    public static let initialize: UInt32 = 0x100
    /// TPM_RC_HANDLE of the first handle: no NV index is there.
    public static let noSuchIndex: UInt32 = 0x18B
    /// TPM_RC_COMMAND_CODE: the TPM has not this command.
    public static let noSuchCommand: UInt32 = 0x143
    /// TPM_RC_NV_LOCKED: the index is locked for what was asked.
    public static let locked: UInt32 = 0x148
    /// TPM_RC_NV_SPACE: no room for another index.
    public static let noSpace: UInt32 = 0x14B
    /// TPM_RC_BAD_AUTH of the first session: the wrong authorization value, of what does not count such failures.
    public static let wrongPassword: UInt32 = 0x9A2
    /// Whether the code finds fault with a handle, a session or a parameter of this very command (RC_FMT1, Part 2
    /// §6.6.3), rather than with the state of the TPM.
    public static func concernsInput(_ code: UInt32) -> Bool { code & 0x80 != 0 }
    /// The same without a number of handle, session or parameter, or TPM_RC_NV_UNINITIALIZED: the fault is in what an index
    /// holds.
    public static func concernsContents(_ code: UInt32) -> Bool { code & 0xFC0 == 0x80 || code == 0x14A }
    /// TPM_RC_YIELDED, TPM_RC_TESTING, TPM_RC_NV_RATE and TPM_RC_RETRY: nothing was done, the same command may be
    /// sent again.
    public static func asksForRetry(_ code: UInt32) -> Bool {
        code == 0x908 || code == 0x90A || code == 0x920 || code == 0x922
    }
}

/// Kinds of sessions (Part 2 §6.11 TPM_SE).
public enum TPMSessionType {
    public static let hmac: UInt8 = 0
    public static let policy: UInt8 = 1
}
