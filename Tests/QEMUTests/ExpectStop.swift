import Foundation
import SICEABI
import Testing

/// Boots and requires that the payload ended the boot with this error: one line that says so, the machine's end by the
/// payload's own doing (no hang, no reset), and nothing started.
func expectStop(
    _ error: ErrorCode, rom: URL? = nil, options: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let probe = try Probe("info", rom: rom, options: options)
    expectStop(error, probe, sourceLocation: sourceLocation)
    #expect(probe.status == Probe.bootStopped, "\(probe.console)", sourceLocation: sourceLocation)
}

/// The same of a boot that was made already, whatever ended the machine.
func expectStop(_ error: ErrorCode, _ probe: Probe, sourceLocation: SourceLocation = #_sourceLocation) {
    let lines = probe.console.split(whereSeparator: \.isNewline)
    let errors = lines.filter { $0.hasPrefix("sice: SICE-E") }
    #expect(
        errors == ["sice: SICE-E0\(error.rawValue): \(error.description.summary)"], "\(probe.console)",
        sourceLocation: sourceLocation)
    #expect(lines.last == "sice: boot stopped", "\(probe.console)", sourceLocation: sourceLocation)
    #expect(probe.checks.isEmpty, sourceLocation: sourceLocation)
}
