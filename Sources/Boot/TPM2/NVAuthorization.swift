internal import SICEABI

/// Whose authorization a command on an NV index carries.
public enum NVAuthorization {
    /// The platform's, which is empty from a reset until firmware closes it.
    case platform
    /// The index's own authorization value, as a password: it crosses the bus as it is.
    case authValue(InlineArray<32, UInt8>)
    /// A policy session that satisfies the index's policy. It ends with a command that succeeds, and stays after
    /// one that fails.
    case policy(session: UInt32)
}

extension TPMCommandBuilder {
    /// Appends handles and authorization area of a command on an NV index: authHandle, nvIndex, one session.
    @_lifetime(self: copy self)
    mutating func append(_ index: UInt32, by authorization: NVAuthorization) throws(ErrorCode) {
        var authorizing = index
        if case .platform = authorization { authorizing = TPMHandle.platform }
        try append(authorizing)
        try append(index)
        switch authorization {
        case .platform: try appendEmptyPassword()
        case .authValue(let value):
            try append(UInt32(9 + ABI.digestSize))
            try appendSession(TPMHandle.password, value)
        case .policy(let session):
            try append(UInt32(9))
            try appendSession(session)
        }
    }

    /// Appends one TPMS_AUTH_COMMAND with a password in place of the HMAC.
    @_lifetime(self: copy self)
    mutating func appendSession(
        _ session: UInt32, _ password: InlineArray<32, UInt8>?
    ) throws(ErrorCode) {
        guard let password else { return try appendSession(session) }
        try append(session)
        try append(UInt16(0))
        try append(UInt8(0))
        try appendSized(password.span)
    }
}
