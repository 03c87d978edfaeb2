public import SICEABI

extension EventLog {
    /// The value that a PCR has when exactly the events of the log were extended into it, whatever their types: a type is
    /// a word of the log's writer, and a verifier goes by digests alone. A log with an event that says that it was not
    /// extended (EV_NO_ACTION, which coreboot does not write) is one that no verifier would accept. `area` is as for
    /// ``size(of:)``. Throws `bootLogUnusable`.
    public static func replay(
        _ area: Span<UInt8>, pcr: UInt32
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        let size = try size(of: area)
        var register = ReplayedPCR()
        do throws(ErrorCode) {
            var reader = try EventLogReader(area.extracting(0..<size))
            while let event = try reader.next() {
                guard event.pcr == pcr else { continue }
                register.extend(event.digest)
            }
        } catch {
            throw .bootLogUnusable
        }
        return register.value
    }
}
