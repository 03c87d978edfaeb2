internal import Firmware
internal import SICEABI
internal import TPM2

/// The PCRs as the TPM has them after the whole boot, for a test that computes the same from the ROM's bytes.
enum PCRCase {
    static func run(_ results: inout Results) {
        do throws(ErrorCode) {
            var client = TPMClient(try TISTransport(TPMRegisters()))
            try report("pcr.0", 0, &client, &results)
            try report("pcr.2", 2, &client, &results)
            try report("pcr.4", 4, &client, &results)
            try report("pcr.5", 5, &client, &results)
            try platformHierarchy(&client, &results)
        } catch {
            results.check("pcrs", "error", expected: 0, found: UInt64(error.rawValue))
        }
    }

    private static func report(
        _ name: StaticString, _ pcr: UInt32, _ client: inout TPMClient<TISTransport<TPMRegisters>>,
        _ results: inout Results
    ) throws(ErrorCode) {
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var bytes = digest.mutableSpan
        try client.readPCR(pcr, into: &bytes)
        results.digest(name, bytes.span)
    }

    /// The host cannot use the platform hierarchy: the payload closed it (it has no password by default).
    private static func platformHierarchy(
        _ client: inout TPMClient<TISTransport<TPMRegisters>>, _ results: inout Results
    ) throws(ErrorCode) {
        let startupClear = try client.property(TPMCapability.startupClear)
        results.check(
            "pcrs", "platformClosed", startupClear & TPMCapability.platformHierarchyEnabled == 0)
    }
}
