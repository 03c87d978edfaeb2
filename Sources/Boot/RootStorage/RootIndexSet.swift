internal import SHA2
internal import SICEABI
package import TPM2

/// The four NV indices of one root, as a boot that may read it finds them. On every machine they are the same, so
/// whoever puts anything else at their handles is told by the public area.
///
/// P0 and P1 each hold a policy that opens R: one the present firmware's, one for its successor. Their Names are in
/// R's policy, and a Name says nothing of contents and authorization value. So they must not be replaceable by their
/// like: POLICY_DELETE keeps the platform, and with it all firmware that boots later, from deleting a written one.
package struct RootIndexSet {
    /// Where P cannot be deleted a set is lost for ever; then the next is used.
    package static let count = 8
    /// Of the first set; each has four, one behind the other.
    private static let firstIndex: UInt32 = 0x0140_0101

    /// R: 32 bytes root, 32 bytes authorization value of the others. Write-locked for good; readable with its policy
    /// only, and until somebody locks reading, which lasts until the next reset.
    package let root: NVPublicArea
    /// P0, P1: algorithm and digest of a policy that opens R.
    package let policies: (NVPublicArea, NVPublicArea)
    /// H: head of the history of the vault's table.
    package let history: NVPublicArea
    /// What a session is at when P0, or P1, authorized it.
    package let branches: (InlineArray<32, UInt8>, InlineArray<32, UInt8>)

    /// - Parameter number: below ``count``.
    package init(_ number: Int) {
        let first = Self.firstIndex &+ UInt32(truncatingIfNeeded: number) &* 4
        let deletion = PolicyDigest(.deletesUnwritten, or: .deletesByOwner).value
        policies = (Self.policy(first &+ 1, deletion), Self.policy(first &+ 3, deletion))
        history = NVPublicArea(
            index: first &+ 2, attributes: RootAttributes.history | NVAttributes.written, policy: nil,
            dataSize: UInt16(RootSize.digest))
        let opened = (
            PolicyDigest(authorizedBy: policies.0.name), PolicyDigest(authorizedBy: policies.1.name)
        )
        branches = (opened.0.value, opened.1.value)
        root = NVPublicArea(
            index: first,
            attributes: RootAttributes.root | NVAttributes.written | NVAttributes.writeLocked,
            policy: PolicyDigest(opened.0, or: opened.1).value, dataSize: UInt16(RootSize.contents))
    }

    private static func policy(_ index: UInt32, _ deletion: InlineArray<32, UInt8>) -> NVPublicArea {
        NVPublicArea(
            index: index, attributes: RootAttributes.policy | NVAttributes.written, policy: deletion,
            dataSize: UInt16(RootSize.policy))
    }
}

/// Bytes of what the indices hold.
enum RootSize {
    static let digest = 32
    /// A TPMT_HA: algorithm and digest.
    static let policy = 34
    /// Root and authorization value.
    static let contents = 64
}

/// Attributes as TPM2_NV_DefineSpace takes them.
enum RootAttributes {
    static let root =
        NVAttributes.platformCreate | NVAttributes.noDictionaryAttack | NVAttributes.platformWrite
        | NVAttributes.writeDefine | NVAttributes.policyRead | NVAttributes.readLockUntilReset
    static let policy =
        NVAttributes.platformCreate | NVAttributes.noDictionaryAttack | NVAttributes.platformRead
        | NVAttributes.authRead | NVAttributes.authWrite | NVAttributes.policyDelete
    static let history =
        NVAttributes.platformCreate | NVAttributes.noDictionaryAttack | NVAttributes.extend
        | NVAttributes.authRead | NVAttributes.authWrite
}

extension NVPublicArea {
    /// The digest of its Name; the algorithm's number stands before it (Part 1 §16).
    package var name: InlineArray<32, UInt8> {
        var bytes = InlineArray<46, UInt8>(repeating: 0)
        // There is room for every public area.
        guard let count = try? store(in: bytes.mutableSpan) else { return InlineArray(repeating: 0) }
        return SHA256.hash(bytes.span.extracting(0..<count))
    }

    /// As it was when it was defined.
    var unused: NVPublicArea {
        var area = self
        area.attributes &= ~(NVAttributes.written | NVAttributes.writeLocked)
        return area
    }
}
