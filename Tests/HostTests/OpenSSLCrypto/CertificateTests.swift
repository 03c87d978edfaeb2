import Diagnostics
import OpenSSLCrypto
import SICEABI
import Testing

/// What certificates say and whom they chain to is tested with an enrollment's endorsement.
@Suite struct CertificateTests {
    @Test(
        arguments: [[], [0x30], [0x30, 0x80], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0, 0, 0, 0]] as [[UInt8]]
    )
    func reject_whatIsNone(_ bytes: [UInt8]) {
        let error = #expect(throws: ToolError.self) { _ = try Certificate(bytes) }
        #expect(error == ToolError(.enrollmentUnreadable, "endorsement certificate is not X.509"))
    }
}
