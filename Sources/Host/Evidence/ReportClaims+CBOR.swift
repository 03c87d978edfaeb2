internal import Bytes
internal import CBOR
internal import Diagnostics
internal import SICEABI

extension ReportClaims {
    private static let required: Set<Int64> = [
        ReportClaim.nonce, ReportClaim.debugStatus, ReportClaim.profile, ReportClaim.measurement,
        ReportClaim.environment, ReportClaim.mode, ReportClaim.state, ReportClaim.workloadData,
        ReportClaim.managerDigest, ReportClaim.managerVersion, ReportClaim.posture, ReportClaim.logHead,
        ReportClaim.logCount, ReportClaim.imageName, ReportClaim.bootCounter,
    ]

    /// Decodes the claims map. Throws `evidenceMalformedReport`, `evidenceUnknownClaim`, `evidenceMissingPart`.
    init(payload: [UInt8]) throws(ToolError) {
        var seen: Set<Int64> = []
        do {
            try decode(payload, &seen)
        } catch let failure as CBORError {
            throw ToolError(
                failure == .truncated ? .evidenceTruncated : .evidenceMalformedReport, "claims: \(failure)")
        } catch { throw (error as? ToolError) ?? ToolError(.internalFailure) }
        let missing = ReportClaims.required.subtracting(seen)
        guard missing.isEmpty else {
            let names = missing.sorted().map(String.init).joined(separator: ", ")
            throw ToolError(.evidenceMissingPart, "report: claims \(names)")
        }
    }

    private mutating func decode(_ payload: [UInt8], _ seen: inout Set<Int64>) throws {
        var decoder = CBORDecoder(payload.span)
        var order = CBORKeyOrder()
        for _ in 0..<(try decoder.readMap()) {
            let key = try decoder.readKey(in: &order)
            try decodeValue(of: key, &decoder)
            seen.insert(key)
        }
        try decoder.finish()
    }

    private mutating func decodeValue(of key: Int64, _ decoder: inout CBORDecoder) throws {
        switch key {
        case ReportClaim.nonce: nonce = try decoder.bytes(ABI.nonceSize)
        case ReportClaim.debugStatus: isDebug = try decoder.debugStatus()
        case ReportClaim.profile:
            let profile = try decoder.text()
            guard profile == "\(ReportClaim.profileName)" else {
                throw ToolError(.evidenceMalformedReport, "profile is \(profile)")
            }
        case ReportClaim.measurement: measurement = try decoder.bytes(ABI.digestSize)
        case ReportClaim.environment: environment = try decoder.unsigned("environment", UInt32.init(exactly:))
        case ReportClaim.mode:
            mode = try decoder.unsigned("mode") { UInt8(exactly: $0).flatMap(ExecutionMode.init) }
        case ReportClaim.state:
            state = try decoder.unsigned("state") { UInt8(exactly: $0).flatMap(LifecycleState.init) }
        case ReportClaim.workloadData: workloadData = try decoder.bytes(ABI.workloadDataSize)
        case ReportClaim.managerDigest: managerDigest = try decoder.bytes(ABI.digestSize)
        case ReportClaim.managerVersion: managerVersion = try decoder.text()
        case ReportClaim.posture: posture = try decoder.posture()
        case ReportClaim.logHead: logHead = try decoder.bytes(ABI.digestSize)
        case ReportClaim.logCount: logCount = try decoder.unsigned("log count", UInt64.init(exactly:))
        case ReportClaim.imageName: imageName = try decoder.text()
        case ReportClaim.bootCounter: bootIdentifier = try decoder.bytes(16)
        default: throw ToolError(.evidenceUnknownClaim, "report: claim \(key)")
        }
    }
}

extension CBORDecoder {
    /// A byte string of one length.
    @_lifetime(self: copy self)
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        let bytes = [UInt8](try readBytes())
        guard bytes.count == count else {
            throw ToolError(.evidenceMalformedReport, "\(bytes.count) bytes where \(count) belong")
        }
        return bytes
    }

    /// Printable text: it goes to terminals.
    @_lifetime(self: copy self)
    mutating func text() throws -> String {
        guard let text = String(validating: [UInt8](try readText()), as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        else { throw ToolError(.evidenceMalformedReport, "a text is not printable UTF-8") }
        return text
    }

    /// An integer that stands for something.
    @_lifetime(self: copy self)
    mutating func unsigned<T>(_ name: String, _ make: (Int64) -> T?) throws -> T {
        let value = try readInteger()
        guard let result = make(value) else {
            throw ToolError(.evidenceMalformedReport, "\(name) is \(value)")
        }
        return result
    }

    /// EAT dbgstat: only "enabled" and "disabled since boot" are ever reported.
    @_lifetime(self: copy self)
    mutating func debugStatus() throws -> Bool {
        try unsigned("debug status") { $0 == 0 ? true : $0 == 2 ? false : nil }
    }

    /// A protection that is not known here could be one that matters, so it is refused.
    @_lifetime(self: copy self)
    mutating func posture() throws -> [PostureClaim: PostureValue] {
        var posture: [PostureClaim: PostureValue] = [:]
        var order = CBORKeyOrder()
        for _ in 0..<(try readMap()) {
            let key = try readKey(in: &order)
            guard let claim = UInt8(exactly: key).flatMap(PostureClaim.init) else {
                throw ToolError(.evidenceUnknownClaim, "report: posture claim \(key)")
            }
            posture[claim] = try unsigned("posture") { UInt8(exactly: $0).flatMap(PostureValue.init) }
        }
        return posture
    }
}
