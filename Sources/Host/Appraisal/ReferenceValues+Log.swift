public import Evidence
internal import OpenSSLCrypto
public import Reference

extension ReferenceValues {
    /// The events of a log of this machine on a boot whose report key has this point.
    public func expectedEvents(reportKey: [UInt8]) -> [BootLog.Event] {
        let reportKeyDigest = SHA256.hash(reportKey)
        return events.map {
            BootLog.Event(pcr: $0.pcr, type: $0.type, digest: $0.digest ?? reportKeyDigest, data: $0.data)
        }
    }
}
