public import SICEABI

/// The file of an approval, 321 bytes: an ``UpgradeApproval`` (192), its signature (r ‖ s, 64, big-endian),
/// and the owner's public point (65, uncompressed), since a machine keeps no more of the owner's key than its
/// hash. What is no point has not that hash.
public struct ApprovalFile: Equatable, Sendable {
    /// Private, so that whoever wants to know what it says has to ask ``approval(on:by:)``.
    private let approval: UpgradeApproval
    private let signature: InlineArray<64, UInt8>
    private let point: InlineArray<65, UInt8>

    public static let size = 321

    private enum Place {
        static let signature = 192, point = 256
    }

    /// The owner's side: what was signed, and by whom. Throws `approvalMalformed` for what no machine would
    /// take for one.
    public init(
        _ approval: UpgradeApproval, signature: InlineArray<64, UInt8>, point: InlineArray<65, UInt8>
    ) throws(ErrorCode) {
        guard approval.isComplete else { throw .approvalMalformed }
        (self.approval, self.signature, self.point) = (approval, signature, point)
    }

    /// Takes a file apart. Throws `approvalMalformed` for another size and for what is none.
    public init(_ bytes: Span<UInt8>) throws(ErrorCode) {
        guard bytes.count == Self.size else { throw .approvalMalformed }
        try self.init(
            try UpgradeApproval(bytes.extracting(0..<UpgradeApproval.size)),
            signature: InlineArray { index in bytes[Place.signature + index] },
            point: InlineArray { index in bytes[Place.point + index] })
    }

    public var encoded: InlineArray<321, UInt8> {
        var bytes = InlineArray<321, UInt8>(repeating: 0)
        let body = approval.encoded
        for index in 0..<192 { bytes[index] = body[index] }
        for index in 0..<64 { bytes[Place.signature + index] = signature[index] }
        for index in 0..<65 { bytes[Place.point + index] = point[index] }
        return bytes
    }

    public static func == (left: ApprovalFile, right: ApprovalFile) -> Bool {
        left.encoded.isEqual(to: right.encoded)
    }

    /// What it says, once a machine may act by it. The owner's key and signature come first: before them, who
    /// wrote the rest is unknown, and its errors would tell a stranger about the machine.
    ///
    /// It is no one-time permission: shown again, it says the same, until the machine's security version is
    /// above its own.
    ///
    /// Throws `approvalRefused` when the machine has no owner or another one, or the signature is not the
    /// owner's; `approvalNotForThisMachine` when the machine has no root, or not the one that it names;
    /// `approvalTooOld` when its security version is below the machine's.
    public func approval(
        on machine: ApprovedMachine, by check: inout some ApprovalCheck
    ) throws(ErrorCode) -> UpgradeApproval {
        guard isOwners(machine.owner, &check) else { throw .approvalRefused }
        let isMeant = approval.root.isZero || approval.root.isEqual(to: machine.root)
        // Without a root there is nothing to pass on, and no root's identifier is zeros.
        guard !machine.root.isZero, isMeant else { throw .approvalNotForThisMachine }
        guard approval.securityVersion >= machine.securityVersion else { throw .approvalTooOld }
        return approval
    }

    /// Whether the owner signed it. A machine without an owner has zeros for one, and no approval is read
    /// that names those.
    private func isOwners(_ owner: InlineArray<32, UInt8>, _ check: inout some ApprovalCheck) -> Bool {
        let (point, signature, message) = (point, signature, approval.message)
        guard approval.owner.isEqual(to: owner), check.hash(point.span).isEqual(to: owner) else {
            return false
        }
        return check.isSignature(signature.span, of: message.span, by: point.span)
    }
}
