import LinuxSystem
import SICEABI
import Testing
import WindowNetwork
import WindowTunnel

@Suite struct TunnelTests {
    /// No kernel lets anybody have this name for a tunnel, and many let a test have none at all.
    @Test func reject_interfaceThatTheKernelRefuses() throws {
        let size = NetworkLayout.minimumSize
        let window = MappedWindow(try MappedMemory(sharedSize: size), at: 0, size: size)
        let settings = try NetworkSettings(
            hostAddress: 0x0A53_0101, guestAddress: 0x0A53_0102, prefixLength: 30)
        let end = try NetworkEnd(host: settings, in: window)
        #expect(throws: ErrorCode.tunnelFailed) { try Tunnel("lo", for: end, in: window) }
    }
}
