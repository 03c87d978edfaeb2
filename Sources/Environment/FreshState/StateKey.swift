internal import SICEABI
internal import SealedData

/// Whose state a row of the vault's table is: a program, or all programs of an author's product.
public struct StateKey: Equatable, Sendable {
    /// ``SICEABI/SealSide/measurement`` or ``SICEABI/SealSide/author``.
    let kind: UInt32
    let product: UInt32
    let digest: InlineArray<32, UInt8>

    /// Of the one program with this measurement. Its successor has a state of its own.
    public init(measurement: InlineArray<32, UInt8>) {
        (kind, product, digest) = (UInt32(SealSide.measurement), 0, measurement)
    }

    /// Of every version of this product of an author, by the SHA-256 of the author's public point.
    public init(author: InlineArray<32, UInt8>, product: UInt32) {
        (kind, self.product, digest) = (UInt32(SealSide.author), product, author)
    }

    public static func == (left: StateKey, right: StateKey) -> Bool {
        left.kind == right.kind && left.product == right.product && left.digest.isEqual(to: right.digest)
    }
}

/// What the vault knows of an environment's state.
public struct StateRegister: Sendable {
    /// The number of the commit that changed it last; 0 for a state that there never was. It rises with every commit, and
    /// what was forgotten and comes again goes on behind all that it had.
    public let counter: UInt64
    /// What the environment committed: the hash of its newest blob. Zeros before the first.
    public let value: InlineArray<32, UInt8>

    public init(counter: UInt64, value: InlineArray<32, UInt8>) {
        (self.counter, self.value) = (counter, value)
    }

    static let none = StateRegister(counter: 0, value: .init(repeating: 0))
}

extension StateKey {
    init(kind: UInt32, product: UInt32, digest: InlineArray<32, UInt8>) {
        (self.kind, self.product, self.digest) = (kind, product, digest)
    }

    /// Whether it is one that the two others make.
    var isKnown: Bool {
        switch UInt64(kind) {
        case SealSide.measurement: product == 0
        case SealSide.author: true
        default: false
        }
    }
}
