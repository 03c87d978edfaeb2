import SICEABI
import Testing
import UpgradeApproval

/// The one form of an approval's file.
@Suite struct ApprovalFormTests {
    @Test func approval_isReadBackAndGood() throws {
        var check = ToyCheck()
        let bytes = try SignedApproval.bytes()
        let file = try ApprovalFile(bytes.span)
        #expect(try file == SignedApproval.sign(SignedApproval.approval))
        #expect(try file.approval(on: SignedApproval.machine, by: &check) == SignedApproval.approval)
        #expect(check.count == 1)
    }

    /// Byte for byte, as other programs have to write it.
    @Test func approval_hasOneForm() throws {
        func run(_ byte: UInt8, _ count: Int = 32) -> [UInt8] { [UInt8](repeating: byte, count: count) }
        let owner = SignedApproval.array(SignedApproval.machine.owner)
        var body = Array("SICEUPG1".utf8) + [1, 0, 0, 0, 4, 3, 2, 1] + owner
        body += run(0xA1) + run(0xB2) + run(0xC3) + run(0, 48)
        let message = SignedApproval.array(SignedApproval.approval.message)
        #expect(message == Array("SICE-UPGRADE-APPROVAL-1".utf8) + body)
        let signature = ToyCheck.signature(message.span, SignedApproval.point.span)
        let end = SignedApproval.array(signature) + SignedApproval.array(SignedApproval.point)
        #expect(try SignedApproval.bytes() == body + end)
    }

    /// Before the signature only form is judged: magic, version and zeros are E0409, all else is another's or changed.
    @Test func reject_everyFlippedBit() throws {
        let good = try SignedApproval.bytes()
        for bit in 0..<(good.count * 8) {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            let isForm = bit / 8 < 12 || (144..<192).contains(bit / 8)
            let expected = isForm ? ErrorCode.approvalMalformed : .approvalRefused
            #expect(SignedApproval.error(bytes) == expected, "bit \(bit)")
        }
    }

    @Test(arguments: [0, 1, 191, 192, 256, 320, 322, 642]) func reject_anotherSize(_ count: Int) throws {
        let bytes = try SignedApproval.bytes()
        #expect(SignedApproval.error(Array((bytes + bytes).prefix(count))) == .approvalMalformed)
        #expect(SignedApproval.error([UInt8](repeating: 0, count: count)) == .approvalMalformed)
    }

    @Test(arguments: [0, 2, 0x100, 0x8000_0001] as [UInt32]) func reject_anotherVersion(_ version: UInt32)
        throws
    {
        var bytes = try SignedApproval.bytes()
        for index in 0..<4 { bytes[8 + index] = UInt8(truncatingIfNeeded: version >> UInt32(index * 8)) }
        #expect(SignedApproval.error(bytes) == .approvalMalformed)
    }

    /// An owner, policy or vault of zeros: in a file, and even when an owner's program wants to say it.
    @Test func reject_zeros() throws {
        for place in [16, 80, 112] {
            var bytes = try SignedApproval.bytes()
            for index in place..<(place + 32) { bytes[index] = 0 }
            #expect(SignedApproval.error(bytes) == .approvalMalformed, "\(place)")
        }
        let changes: [(inout UpgradeApproval) -> Void] = [
            { $0.owner = SignedApproval.zeros }, { $0.policy = SignedApproval.zeros },
            { $0.vault = SignedApproval.zeros },
        ]
        for change in changes {
            #expect(throws: ErrorCode.approvalMalformed) { try SignedApproval.bytes(change) }
        }
    }
}
