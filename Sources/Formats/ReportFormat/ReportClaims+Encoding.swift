public import ByteIO
internal import CBOR
public import SICEABI

extension ReportClaims {
    /// The claims map, as the manager writes it. Throws `noRoom` beyond ``SICEABI/ABI/maximumReportSize``.
    public var payload: [UInt8] {
        get throws(ByteError) { try payload(without: []) }
    }

    /// The map with claims left out and others behind them: what a manager of another version, or an attacker who
    /// holds a report key, writes. The others' keys come in the order of their encodings. Throws `noRoom`.
    public func payload(
        without omitted: Set<ReportClaim>, and others: [(key: Int64, value: Int64)] = []
    ) throws(ByteError) -> [UInt8] {
        let claims = ReportClaim.allCases.filter { !omitted.contains($0) }
        return try encoded(room: ABI.maximumReportSize) { (encoder: inout CBOREncoder) throws(ByteError) in
            try encoder.encodeMapHead(count: claims.count + others.count)
            for claim in claims {
                try encoder.encode(signed: claim.rawValue)
                try encodeValue(of: claim, &encoder)
            }
            for (key, value) in others {
                try encoder.encode(signed: key)
                try encoder.encode(signed: value)
            }
        }
    }

    @_lifetime(encoder: copy encoder)
    private func encodeValue(of claim: ReportClaim, _ encoder: inout CBOREncoder) throws(ByteError) {
        switch claim {
        case .nonce: try encoder.encode(bytes: nonce.span)
        case .debugStatus:
            let status: DebugStatus = isDebug ? .enabled : .disabledSinceBoot
            try encoder.encode(unsigned: UInt64(status.rawValue))
        case .profile: try encoder.encode(text: Array(ReportClaims.profile.utf8).span)
        case .measurement: try encoder.encode(bytes: measurement.span)
        case .environment: try encoder.encode(unsigned: UInt64(environment))
        case .mode: try encoder.encode(unsigned: UInt64(mode.rawValue))
        case .state: try encoder.encode(unsigned: UInt64(state.rawValue))
        case .workloadData: try encoder.encode(bytes: workloadData.span)
        case .managerDigest: try encoder.encode(bytes: managerDigest.span)
        case .managerVersion: try encoder.encode(text: Array(managerVersion.utf8).span)
        case .posture: try encodePosture(&encoder)
        case .logHead: try encoder.encode(bytes: logHead.span)
        case .logCount: try encoder.encode(unsigned: logCount)
        case .imageName: try encoder.encode(text: Array(imageName.utf8).span)
        case .bootCounter: try encoder.encode(bytes: bootIdentifier.span)
        }
    }

    @_lifetime(encoder: copy encoder)
    private func encodePosture(_ encoder: inout CBOREncoder) throws(ByteError) {
        try encoder.encodeMapHead(count: posture.count)
        for (claim, value) in posture.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            try encoder.encode(unsigned: UInt64(claim.rawValue))
            try encoder.encode(unsigned: UInt64(value.rawValue))
        }
    }
}
