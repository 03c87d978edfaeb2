internal import ByteIO
internal import CBOR
internal import Evidence
internal import SICEABI

extension Forge {
    @_lifetime(encoder: copy encoder)
    func encodeClaims(_ encoder: inout CBOREncoder) throws(ByteError) {
        try encoder.encodeMapHead(count: 15 - omittedClaims.count + unknownClaims.count)
        try put(ReportClaim.nonce, claims.nonce, &encoder)
        try put(ReportClaim.debugStatus, claims.isDebug ? 0 : 2, &encoder)
        try put(ReportClaim.profile, "\(ReportClaim.profileName)", &encoder)
        try put(ReportClaim.measurement, claims.measurement, &encoder)
        try put(ReportClaim.environment, UInt64(claims.environment), &encoder)
        try put(ReportClaim.mode, UInt64(claims.mode.rawValue), &encoder)
        try put(ReportClaim.state, UInt64(claims.state.rawValue), &encoder)
        try put(ReportClaim.workloadData, claims.workloadData, &encoder)
        try put(ReportClaim.managerDigest, claims.managerDigest, &encoder)
        try put(ReportClaim.managerVersion, claims.managerVersion, &encoder)
        try putPosture(&encoder)
        try put(ReportClaim.logHead, claims.logHead, &encoder)
        try put(ReportClaim.logCount, claims.logCount, &encoder)
        try put(ReportClaim.imageName, claims.imageName, &encoder)
        try put(ReportClaim.bootCounter, claims.bootIdentifier, &encoder)
        for (key, value) in unknownClaims {
            try encoder.encode(signed: key)
            try encoder.encode(signed: value)
        }
    }

    @_lifetime(encoder: copy encoder)
    private func putPosture(_ encoder: inout CBOREncoder) throws(ByteError) {
        guard !omittedClaims.contains(ReportClaim.posture) else { return }
        try encoder.encode(signed: ReportClaim.posture)
        let posture = claims.posture.sorted { $0.key.rawValue < $1.key.rawValue }
        try encoder.encodeMapHead(count: posture.count)
        for (claim, value) in posture {
            try encoder.encode(unsigned: UInt64(claim.rawValue))
            try encoder.encode(unsigned: UInt64(value.rawValue))
        }
    }

    @_lifetime(encoder: copy encoder)
    private func put(_ key: Int64, _ value: [UInt8], _ encoder: inout CBOREncoder) throws(ByteError) {
        guard !omittedClaims.contains(key) else { return }
        try encoder.encode(signed: key)
        try encoder.encode(bytes: value.span)
    }

    @_lifetime(encoder: copy encoder)
    private func put(_ key: Int64, _ value: String, _ encoder: inout CBOREncoder) throws(ByteError) {
        guard !omittedClaims.contains(key) else { return }
        try encoder.encode(signed: key)
        try encoder.encode(text: Array(value.utf8).span)
    }

    @_lifetime(encoder: copy encoder)
    private func put(_ key: Int64, _ value: UInt64, _ encoder: inout CBOREncoder) throws(ByteError) {
        guard !omittedClaims.contains(key) else { return }
        try encoder.encode(signed: key)
        try encoder.encode(unsigned: value)
    }
}
