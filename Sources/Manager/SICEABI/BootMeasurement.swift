/// What the payload extends into the TPM, in this order: manager, configuration, report key, workload (only if
/// the ROM has one), next. Each event's data is its name without a NUL, its type EV_POST_CODE, its digest in the
/// SHA-256 bank; digests of files are those of their content in CBFS as stored.
public enum BootMeasurement {
    /// Code: `sice/manager`, `sice/workload`, `sice/next`.
    public static let codePCR: UInt32 = 4
    /// Configuration and report key: `sice/config`, `sice/report-key`.
    public static let configurationPCR: UInt32 = 5
    /// Where coreboot, or the stand-in ROM, measures itself and the payload.
    public static let firmwarePCR: UInt32 = 2
    /// What evidence quotes; at the payload's entry the TPM must hold in them what firmware's log says.
    public static let quotedPCRs: InlineArray<4, UInt32> = [0, firmwarePCR, codePCR, configurationPCR]

    public static let manager: StaticString = "sice/manager"
    public static let workload: StaticString = "sice/workload"
    public static let next: StaticString = "sice/next"
    /// Digest of the bytes of ``BootConfigurationLayout``.
    public static let configuration: StaticString = "sice/config"
    /// Digest of the 65-byte public point.
    public static let reportKey: StaticString = "sice/report-key"
    /// CBFS file whose presence is the insecure option.
    public static let insecureOption: StaticString = "sice/insecure"
    /// CBFS file with the size in MiB of the TSEG that the machine must offer: a 64-bit little-endian number, or
    /// decimal text.
    public static let smramSizeOption: StaticString = "sice/tseg-mbytes"
    /// Extended into both PCRs when the machine starts without a manager (digest of this name): whoever runs then
    /// can no longer extend them to the values of a machine that has one.
    public static let noManager: StaticString = "sice/no-manager"
}

/// The bytes whose SHA-256 is the `sice/config` event; little-endian, computable without the machine.
public enum BootConfigurationLayout {
    /// ASCII "SICECFG1".
    public static let magicValue: UInt64 = 0x3147_4643_4543_4953
    public static let magic = 0  // u64
    public static let smramSize = 8  // u64, bytes of TSEG
    public static let flags = 16  // u32: HandoffFlags.insecureOption and HandoffFlags.standInROM
    public static let version = 20  // u32 ABI.version
    public static let size = 24
}
