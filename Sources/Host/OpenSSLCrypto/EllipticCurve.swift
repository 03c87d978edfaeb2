internal import COpenSSL

/// Curves on which keys are accepted (FIPS 186-4, D.1.2).
public enum EllipticCurve: Sendable {
    case p256
    case p384

    /// Bytes of a coordinate.
    public var coordinateSize: Int {
        switch self {
        case .p256: 32
        case .p384: 48
        }
    }

    var openSSLName: String {
        switch self {
        case .p256: SN_X9_62_prime256v1
        case .p384: SN_secp384r1
        }
    }

    var identifier: Int32 {
        switch self {
        case .p256: NID_X9_62_prime256v1
        case .p384: NID_secp384r1
        }
    }
}
