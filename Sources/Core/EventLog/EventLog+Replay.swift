internal import SHA2
public import SICEABI

extension EventLog {
    /// The value that a PCR has when exactly the events of the log were extended into it. `area` is as for
    /// ``size(of:)``. Throws `bootLogUnusable`.
    public static func replay(
        _ area: Span<UInt8>, pcr: UInt32
    ) throws(ErrorCode) -> InlineArray<32, UInt8> {
        let size = try size(of: area)
        var value = InlineArray<32, UInt8>(repeating: 0)
        do throws(ErrorCode) {
            var reader = try EventLogReader(area.extracting(0..<size))
            while let event = try reader.next() {
                // An event of type EV_NO_ACTION is not extended (TCG PC Client PFP §10.4.1); coreboot writes none.
                guard event.pcr == pcr, event.type != EventType.noAction else { continue }
                var hash = SHA256()
                hash.update(value.span)
                hash.update(event.digest)
                value = hash.finish()
            }
        } catch {
            throw .bootLogUnusable
        }
        return value
    }
}
