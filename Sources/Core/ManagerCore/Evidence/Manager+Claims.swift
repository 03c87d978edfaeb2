import ByteIO
import CBOR
import IsolatedImage
import SICEABI

extension Manager {
    /// Number of pairs in the claims map, and the value of `debugStatus` (RFC 9711 §4.2.9).
    private enum Claims {
        static let count = 15
        static let debugEnabled: UInt64 = 0
        static let debugDisabledSinceBoot: UInt64 = 2
    }

    /// Encodes the claims map. Keys come in the order of their encodings: 10, 263, 265,
    /// then −70001 downwards.
    @_lifetime(encoder: copy encoder)
    mutating func encodeClaims<M: ManagerMachine & ~Copyable>(
        _ slot: Int, nonce: Span<UInt8>, into encoder: inout CBOREncoder,
        machine: borrowing M
    ) throws(ByteError) {
        try encoder.encodeMapHead(count: Claims.count)
        try encoder.encode(signed: ReportClaim.nonce)
        try encoder.encode(bytes: nonce)
        try encoder.encode(signed: ReportClaim.debugStatus)
        try encoder.encode(
            unsigned: environments[slot].isDebug ? Claims.debugEnabled : Claims.debugDisabledSinceBoot)
        try encoder.encode(signed: ReportClaim.profile)
        try encodeProfile(&encoder)
        try encodeEnvironment(slot, &encoder)
        try encodeManager(&encoder)
        try encoder.encode(signed: ReportClaim.imageName)
        let header = ImageHeader(validated: machine.bytes(of: environments[slot].header))
        try encoder.encode(text: header.name)
        try encoder.encode(signed: ReportClaim.bootCounter)
        try encoder.encode(bytes: bootIdentifier.span)
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeProfile(_ encoder: inout CBOREncoder) throws(ByteError) {
        // "tag:sice,2026:report/1"; `ReportClaim.profileName` as bytes, since a static string has no safe span.
        let text: InlineArray<22, UInt8> = [
            0x74, 0x61, 0x67, 0x3A, 0x73, 0x69, 0x63, 0x65, 0x2C, 0x32, 0x30, 0x32, 0x36, 0x3A, 0x72, 0x65,
            0x70, 0x6F, 0x72, 0x74, 0x2F, 0x31,
        ]
        try encoder.encode(text: text.span)
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeEnvironment(_ slot: Int, _ encoder: inout CBOREncoder) throws(ByteError) {
        try encoder.encode(signed: ReportClaim.measurement)
        let measurement = environments[slot].measurement
        try encoder.encode(bytes: measurement.span)
        try encoder.encode(signed: ReportClaim.environment)
        try encoder.encode(unsigned: UInt64(identifier(of: slot)))
        try encoder.encode(signed: ReportClaim.mode)
        try encoder.encode(unsigned: UInt64(environments[slot].mode.rawValue))
        try encoder.encode(signed: ReportClaim.state)
        try encoder.encode(unsigned: UInt64(environments[slot].state.rawValue))
        try encoder.encode(signed: ReportClaim.workloadData)
        var data = InlineArray<64, UInt8>(repeating: 0)
        var bytes = data.mutableSpan
        for index in 0..<environments[slot].workloadData.count {
            bytes.storeLittleEndian(environments[slot].workloadData[index], at: index &* 8)
        }
        try encoder.encode(bytes: bytes.span)
    }

    @_lifetime(encoder: copy encoder)
    private mutating func encodeManager(_ encoder: inout CBOREncoder) throws(ByteError) {
        try encoder.encode(signed: ReportClaim.managerDigest)
        let digest = managerDigest
        try encoder.encode(bytes: digest.span)
        try encoder.encode(signed: ReportClaim.managerVersion)
        let text = version
        var length = 0
        while length < text.count, text[length] != 0 { length &+= 1 }
        try encoder.encode(text: text.span.extracting(0..<length))
        try encoder.encode(signed: ReportClaim.posture)
        try encodePosture(&encoder)
        try encoder.encode(signed: ReportClaim.logHead)
        try encoder.encode(bytes: log.head.span)
        try encoder.encode(signed: ReportClaim.logCount)
        try encoder.encode(unsigned: log.count)
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
