import SHA2
import SICEABI
import UpgradeApproval

/// An approval, the machine that it is for, and what such a machine makes of any bytes.
enum SignedApproval {
    static let zeros = InlineArray<32, UInt8>(repeating: 0)
    static let point = InlineArray<65, UInt8> { $0 == 0 ? 4 : UInt8($0) }
    static let machine = ApprovedMachine(
        owner: SHA256.hash(point.span), root: .init(repeating: 0xA1), securityVersion: 7)
    static let approval = UpgradeApproval(
        owner: machine.owner, root: machine.root, policy: .init(repeating: 0xB2),
        vault: .init(repeating: 0xC3), securityVersion: 0x0102_0304)

    static func sign(
        _ approval: UpgradeApproval, _ point: InlineArray<65, UInt8> = point
    ) throws(ErrorCode) -> ApprovalFile {
        let message = approval.message
        return try ApprovalFile(
            approval, signature: ToyCheck.signature(message.span, point.span), point: point)
    }

    /// The file of the approval, changed before it is signed.
    static func bytes(_ change: (inout UpgradeApproval) -> Void = { _ in }) throws(ErrorCode) -> [UInt8] {
        var changed = approval
        change(&changed)
        return array(try sign(changed).encoded)
    }

    /// nil: the machine acts by it.
    static func error(_ bytes: [UInt8], on machine: ApprovedMachine = machine) -> ErrorCode? {
        var check = ToyCheck()
        do throws(ErrorCode) {
            let file = try ApprovalFile(bytes.span)
            _ = try file.approval(on: machine, by: &check)
            return nil
        } catch { return error }
    }

    static func array<let count: Int>(_ bytes: InlineArray<count, UInt8>) -> [UInt8] {
        bytes.indices.map { bytes[$0] }
    }
}
