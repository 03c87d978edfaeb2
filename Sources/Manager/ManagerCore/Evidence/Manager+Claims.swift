import ByteIO
import CBOR
import IsolatedImage
import SICEABI

extension Manager where Machine: ~Copyable {
    /// Encodes the claims map: every claim, in the order of the table.
    @_lifetime(encoder: copy encoder)
    mutating func encodeClaims(
        _ slot: Slot, nonce: Span<UInt8>, into encoder: inout CBOREncoder,
        machine: borrowing Machine
    ) throws(ByteError) {
        let claims = ReportClaim.order
        try encoder.encodeMapHead(count: claims.count)
        for index in 0..<claims.count {
            let claim = claims[index]
            try encoder.encode(signed: claim.rawValue)
            try encodeValue(of: claim, slot, nonce: nonce, into: &encoder, machine: machine)
        }
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeValue(
        of claim: ReportClaim, _ slot: Slot, nonce: Span<UInt8>, into encoder: inout CBOREncoder,
        machine: borrowing Machine
    ) throws(ByteError) {
        switch claim {
        case .nonce: try encoder.encode(bytes: nonce)
        case .debugStatus:
            let status: DebugStatus = environments[slot].isDebug ? .enabled : .disabledSinceBoot
            try encoder.encode(unsigned: UInt64(status.rawValue))
        case .profile:
            let name = ReportClaim.profileName
            try encoder.encode(text: name.span)
        case .measurement:
            let measurement = environments[slot].measurement
            try encoder.encode(bytes: measurement.span)
        case .environment: try encoder.encode(unsigned: UInt64(identifier(of: slot)))
        case .mode: try encoder.encode(unsigned: UInt64(environments[slot].mode.rawValue))
        case .state: try encoder.encode(unsigned: UInt64(environments[slot].state.rawValue))
        case .workloadData: try encodeWorkloadData(slot, &encoder)
        case .managerDigest:
            let digest = managerDigest
            try encoder.encode(bytes: digest.span)
        case .managerVersion: try encodeVersion(&encoder)
        case .posture: try encodePosture(&encoder)
        case .logHead: try encoder.encode(bytes: log.head.span)
        case .logCount: try encoder.encode(unsigned: log.count)
        case .imageName:
            let header = ImageHeader(validated: machine.bytes(of: environments[slot].header))
            try encoder.encode(text: header.name)
        case .bootCounter: try encoder.encode(bytes: bootIdentifier.span)
        }
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeWorkloadData(_ slot: Slot, _ encoder: inout CBOREncoder) throws(ByteError) {
        var data = InlineArray<64, UInt8>(repeating: 0)
        var bytes = data.mutableSpan
        for index in 0..<environments[slot].workloadData.count {
            bytes.storeLittleEndian(environments[slot].workloadData[index], at: index &* 8)
        }
        try encoder.encode(bytes: bytes.span)
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeVersion(_ encoder: inout CBOREncoder) throws(ByteError) {
        let text = version
        var length = 0
        while length < text.count, text[length] != 0 { length &+= 1 }
        try encoder.encode(text: text.span.extracting(0..<length))
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodePosture(_ encoder: inout CBOREncoder) throws(ByteError) {
        try encoder.encodeMapHead(count: posture.count)
        for index in 0..<posture.count {
            try encoder.encode(unsigned: UInt64(truncatingIfNeeded: index))
            try encoder.encode(unsigned: UInt64(posture[index]))
        }
    }
}
