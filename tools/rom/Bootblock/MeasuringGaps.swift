internal import CorebootFormats
internal import Firmware
internal import SICEABI

/// What the ROM leaves out of measuring, so that tests see the payload notice. A CBFS file asks for it.
struct MeasuringGaps {
    /// Like coreboot on a TPM that takes no commands: everything is logged, nothing is extended.
    private static let logOnly: StaticString = "rom/log-only"
    /// What is extended is in no log.
    private static let extendOnly: StaticString = "rom/extend-only"

    let extends: Bool
    let logs: Bool

    init(_ files: Span<UInt8>) throws(ErrorCode) {
        extends = try CBFSWalker.find(Self.logOnly.bytes, in: files) == nil
        logs = try CBFSWalker.find(Self.extendOnly.bytes, in: files) == nil
    }
}
