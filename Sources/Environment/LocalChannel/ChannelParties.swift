public import SealedData

/// Which end of a channel a program is.
public enum ChannelRole: Sendable { case initiator, responder }

/// Who talks to whom, and about what. Both know it before; no message says it, both proofs are of it.
public struct ChannelParties: Equatable, Sendable {
    /// The one that speaks first.
    public var initiator: SealedDataSide
    public var responder: SealedDataSide
    /// What the channel is for, as the two programs agreed.
    public var label: UInt64

    public init(initiator: SealedDataSide, responder: SealedDataSide, label: UInt64) {
        (self.initiator, self.responder, self.label) = (initiator, responder, label)
    }
}

/// The two keys that the manager gives to exactly these two programs of one machine, one for either
/// direction. They may be those of blobs, too: the key of a blob is a code over 160 bytes that begin
/// otherwise.
public struct ChannelKeys: Sendable {
    /// The initiator is the sealer, the responder the target.
    var ofInitiator: InlineArray<32, UInt8>
    /// The responder is the sealer, the initiator the target.
    var ofResponder: InlineArray<32, UInt8>

    public init(ofInitiator: InlineArray<32, UInt8>, ofResponder: InlineArray<32, UInt8>) {
        (self.ofInitiator, self.ofResponder) = (ofInitiator, ofResponder)
    }

    var areDifferent: Bool { !ofInitiator.isEqual(to: ofResponder) }

    mutating func erase() {
        ofInitiator = .init(repeating: 0)
        ofResponder = .init(repeating: 0)
    }
}
