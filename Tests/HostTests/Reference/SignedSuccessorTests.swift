import OpenSSLCrypto
import SICEABI
import Testing

/// What machines make of approvals with real signatures.
@Suite struct SignedSuccessorTests {
    @Test func reject_everyFlippedBitOfASignedFile() throws {
        let good = try SignedSuccessor.bytes()
        #expect(SignedSuccessor.error(good) == nil)
        for bit in 0..<(good.count * 8) {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let isForm = bit / 8 < 12 || (144..<192).contains(bit / 8)
            let expected = isForm ? ErrorCode.approvalMalformed : .approvalRefused
            #expect(SignedSuccessor.error(bytes) == expected, "bit \(bit)")
        }
    }

    @Test func reject_whatIsNotForThisMachine() throws {
        let bytes = try SignedSuccessor.bytes()
        #expect(
            SignedSuccessor.error(bytes, on: SignedSuccessor.machine(SecretKey())) == .approvalRefused)
        #expect(SignedSuccessor.error(bytes, on: SignedSuccessor.machine(version: 6)) == .approvalTooOld)
        var other = SignedSuccessor.root
        other[0] ^= 1
        #expect(
            SignedSuccessor.error(try SignedSuccessor.bytes(for: other)) == .approvalNotForThisMachine)
        #expect(SignedSuccessor.error(try SignedSuccessor.bytes(for: nil)) == nil)
    }

    /// What the owner's key signs elsewhere, as an image's author, say, is no approval; nor are numbers that no ECDSA signature
    /// has.
    @Test func reject_otherSignatures() throws {
        let good = try SignedSuccessor.bytes()
        let order: [UInt8] =
            [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8) + [
                0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25,
                0x51,
            ]
        let zero = [UInt8](repeating: 0, count: 32)
        for signature in [
            SignedSuccessor.owner.sign(Array(good[..<192])), zero + zero, order + order,
            good[192..<224] + zero, zero + good[224..<256],
        ] {
            var bytes = good
            bytes.replaceSubrange(192..<256, with: signature)
            #expect(SignedSuccessor.error(bytes) == .approvalRefused)
        }
    }
}
