import Foundation
import Testing

/// A legacy host that runs virtual machines of its own beside isolated environments (invariant I6).
@Suite(
    .enabled(if: Artefacts.areAskedFor, "\(Artefacts.condition)"), .serialized)
struct KVMTests {
    @Test func share_coresWithTheHostsOwnKVM() throws {
        let probe = try Probe(kvm: "share")
        #expect(probe.failures == [])
        #expect(probe.status == 0, "\(probe.console)")
        #expect(probe.total?.checks == probe.checks.count)
        for check in ["share.firstGuest", "share.secondGuest", "share.calls", "share.destroyed"] {
            #expect(probe.made(check), "\(check)")
        }
    }
}
