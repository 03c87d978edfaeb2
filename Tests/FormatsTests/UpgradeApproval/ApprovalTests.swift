import SHA2
import SICEABI
import Testing
import UpgradeApproval

/// Who may act by an approval.
@Suite struct ApprovalTests {
    private static let otherPoint = InlineArray<65, UInt8> { $0 == 64 ? 0xFF : SignedApproval.point[$0] }
    private static let otherOwner = SHA256.hash(otherPoint.span)

    /// A machine that differs from the one that the approval is for.
    private static func machine(_ change: (inout ApprovedMachine) -> Void) -> ApprovedMachine {
        var machine = SignedApproval.machine
        change(&machine)
        return machine
    }

    private static func signedByAnother(_ owner: InlineArray<32, UInt8>) throws -> [UInt8] {
        var approval = SignedApproval.approval
        approval.owner = owner
        return SignedApproval.array(try SignedApproval.sign(approval, otherPoint).encoded)
    }

    /// Under its own name, and under that of the machine's owner.
    @Test func reject_anotherOwner() throws {
        let honest = try Self.signedByAnother(Self.otherOwner)
        #expect(SignedApproval.error(honest) == .approvalRefused)
        #expect(
            SignedApproval.error(try Self.signedByAnother(SignedApproval.machine.owner)) == .approvalRefused)
        let machine = Self.machine { $0.owner = Self.otherOwner }
        #expect(SignedApproval.error(honest, on: machine) == nil)
        #expect(SignedApproval.error(try SignedApproval.bytes(), on: machine) == .approvalRefused)
    }

    /// A machine that was flashed without an owner's key takes nobody's word, whatever owner it names.
    @Test func reject_anyOwnerWhereThereIsNone() throws {
        let machine = Self.machine { $0.owner = SignedApproval.zeros }
        #expect(SignedApproval.error(try SignedApproval.bytes(), on: machine) == .approvalRefused)
        var bytes = try SignedApproval.bytes()
        for index in 16..<48 { bytes[index] = 0 }
        #expect(SignedApproval.error(bytes, on: machine) == .approvalMalformed)
    }

    @Test func reject_anotherMachine() throws {
        let other = try SignedApproval.bytes { $0.root[31] ^= 1 }
        let any = try SignedApproval.bytes { $0.root = SignedApproval.zeros }
        #expect(SignedApproval.error(other) == .approvalNotForThisMachine)
        #expect(SignedApproval.error(any) == nil)
        #expect(SignedApproval.error(any, on: Self.machine { $0.root[0] ^= 1 }) == nil)
    }

    /// Without a root there is nothing to pass on.
    @Test func reject_machineWithoutARoot() throws {
        let machine = Self.machine { $0.root = SignedApproval.zeros }
        for bytes in [
            try SignedApproval.bytes(), try SignedApproval.bytes { $0.root = SignedApproval.zeros },
        ] { #expect(SignedApproval.error(bytes, on: machine) == .approvalNotForThisMachine) }
    }

    @Test(
        arguments: [
            (0, 0, nil), (7, 7, nil), (8, 7, nil), (6, 7, ErrorCode.approvalTooOld), (0, 1, .approvalTooOld),
            (.max, .max, nil), (0x100, 0x1FF, .approvalTooOld), (0x8000_0000, 0x7FFF_FFFF, nil),
            (0x7FFF_FFFF, 0x8000_0000, .approvalTooOld), (.max - 1, .max, .approvalTooOld),
        ] as [(UInt32, UInt32, ErrorCode?)])
    func reject_lowerSecurityVersion(_ successor: UInt32, _ present: UInt32, _ expected: ErrorCode?) throws {
        let bytes = try SignedApproval.bytes { $0.securityVersion = successor }
        #expect(SignedApproval.error(bytes, on: Self.machine { $0.securityVersion = present }) == expected)
    }

    /// A stranger learns nothing of the machine: with all wrong at once, it is the signature.
    @Test func signature_isJudgedBeforeWhatItSigns() throws {
        var bytes = try SignedApproval.bytes {
            $0.root[0] ^= 1
            $0.securityVersion = 0
        }
        #expect(SignedApproval.error(bytes) == .approvalNotForThisMachine)
        bytes[200] ^= 1
        #expect(SignedApproval.error(bytes) == .approvalRefused)
    }
}
