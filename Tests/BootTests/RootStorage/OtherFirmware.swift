import RootStorage
import SICEABI
import TPM2

/// Firmware that ran on the machine while the platform hierarchy was open, and means it ill: what it puts in place of a
/// set, around secrets that it knows.
struct OtherFirmware {
    var root: NVPublicArea
    var policies: (NVPublicArea, NVPublicArea)
    var history: NVPublicArea
    static let authValue = InlineArray<32, UInt8>(repeating: 0x77)
    static let secrets = [UInt8](repeating: 0x66, count: 32) + [UInt8](repeating: 0x77, count: 32)

    init(_ number: Int = 0) {
        let set = RootIndexSet(number)
        (root, policies, history) = (set.root, set.policies, set.history)
    }

    /// All four, as a first boot of ours makes them, for the PCRs of the moment. What an attribute forbids is left out.
    func plant(on client: inout TPMClient<CuttableTransport>) throws {
        try plantRoot(on: &client)
        try plantHistory(on: &client)
        try plantPolicy(policies.0, try client.presentPolicy(), on: &client)
        try plantPolicy(policies.1, [0, 0x0B] + [UInt8](repeating: 0, count: 32), on: &client)
    }

    func plantRoot(on client: inout TPMClient<CuttableTransport>) throws {
        try? client.undefine(root.index)
        try client.define(root.defined)
        let contents = [UInt8](Self.secrets.prefix(Int(root.dataSize)))
        try client.write(root.index, by: .platform, contents.span)
        try? client.writeLock(root.index, by: .platform)
    }

    func plantHistory(on client: inout TPMClient<CuttableTransport>) throws {
        try? client.undefine(history.index)
        try client.define(history.defined, authValue: Self.authValue)
        let zeros = [UInt8](repeating: 0, count: 32)
        try? client.extend(history.index, by: .authValue(Self.authValue), zeros.span)
    }

    func plantPolicy(_ area: NVPublicArea, _ contents: [UInt8], on client: inout TPMClient<CuttableTransport>)
        throws
    {
        try client.define(area.defined, authValue: Self.authValue)
        try client.write(area.index, by: .authValue(Self.authValue), contents.span)
    }
}

extension NVPublicArea {
    /// As TPM2_NV_DefineSpace takes it.
    var defined: NVPublicArea { with(clear: NVAttributes.written | NVAttributes.writeLocked) }

    func with(
        set: UInt32 = 0, clear: UInt32 = 0, size: UInt16? = nil, policy: InlineArray<32, UInt8>?? = nil
    ) -> NVPublicArea {
        NVPublicArea(
            index: index, attributes: attributes & ~clear | set, policy: policy ?? self.policy,
            dataSize: size ?? dataSize)
    }
}
