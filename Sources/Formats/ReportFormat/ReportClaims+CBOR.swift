internal import Bytes
internal import CBOR
public import Diagnostics
internal import SICEABI

extension ReportClaims {
    /// Decodes the claims map. Throws `evidenceMalformedReport`, `evidenceUnknownClaim`, `evidenceMissingPart`.
    public init(payload: [UInt8]) throws(ToolError) {
        var seen: Set<ReportClaim> = []
        do {
            try decode(payload, &seen)
        } catch let failure as CBORError {
            throw ToolError(
                failure == .truncated ? .evidenceTruncated : .evidenceMalformedReport, "claims: \(failure)")
        } catch { throw (error as? ToolError) ?? ToolError(.internalFailure) }
        let missing = Set(ReportClaim.allCases).subtracting(seen)
        guard missing.isEmpty else {
            let names = missing.map(\.rawValue).sorted().map(String.init).joined(separator: ", ")
            throw ToolError(.evidenceMissingPart, "report: claims \(names)")
        }
    }

    private mutating func decode(_ payload: [UInt8], _ seen: inout Set<ReportClaim>) throws {
        var decoder = CBORDecoder(payload.span)
        var order = CBORKeyOrder()
        for _ in 0..<(try decoder.readMap()) {
            let key = try decoder.readKey(in: &order)
            guard let claim = ReportClaim(rawValue: key) else {
                throw ToolError(.evidenceUnknownClaim, "report: claim \(key)")
            }
            try decodeValue(of: claim, &decoder)
            seen.insert(claim)
        }
        try decoder.finish()
    }

    private mutating func decodeValue(of claim: ReportClaim, _ decoder: inout CBORDecoder) throws {
        switch claim {
        case .nonce: nonce = try decoder.bytes(ABI.nonceSize)
        case .debugStatus: isDebug = try decoder.debugStatus()
        case .profile:
            let profile = try decoder.text()
            guard profile == ReportClaims.profile else {
                throw ToolError(.evidenceMalformedReport, "profile is \(profile)")
            }
        case .measurement: measurement = try decoder.bytes(ABI.digestSize)
        case .environment: environment = try decoder.unsigned("environment", UInt32.init(exactly:))
        case .mode:
            mode = try decoder.unsigned("mode") { UInt8(exactly: $0).flatMap(ExecutionMode.init) }
        case .state:
            state = try decoder.unsigned("state") { UInt8(exactly: $0).flatMap(LifecycleState.init) }
        case .workloadData: workloadData = try decoder.bytes(ABI.workloadDataSize)
        case .managerDigest: managerDigest = try decoder.bytes(ABI.digestSize)
        case .managerVersion: managerVersion = try decoder.text()
        case .posture: posture = try decoder.posture()
        case .logHead: logHead = try decoder.bytes(ABI.digestSize)
        case .logCount: logCount = try decoder.unsigned("log count", UInt64.init(exactly:))
        case .imageName: imageName = try decoder.text()
        case .bootCounter: bootIdentifier = try decoder.bytes(16)
        }
    }
}

extension CBORDecoder {
    /// A byte string of one length.
    @_lifetime(self: copy self)
    fileprivate mutating func bytes(_ count: Int) throws -> [UInt8] {
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
        try unsigned("debug status") { UInt8(exactly: $0).flatMap(DebugStatus.init) } == .enabled
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
