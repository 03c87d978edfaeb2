internal import Diagnostics
public import ManagerClient
internal import SICEABI
internal import StrictJSON
internal import TPMAttestation

/// The HTTP interface of a legacy host (SPECIFICATION §5): requests in, answers out, no sockets.
public struct HostService<Backend: HostBackend> {
    /// Most bytes of a workload's answer; longer ones are refused instead of filling the memory.
    static var mostAnswerBytes: Int { 64 << 20 }
    /// Most bytes of a JSON body.
    static var mostJSONBytes: Int { 64 << 10 }

    let backend: Backend

    public init(_ backend: Backend) { self.backend = backend }

    /// Answers one request. Errors become answers.
    public func answer(_ request: HTTPRequest, body: inout some ByteSource) -> HTTPResponse {
        do throws(ToolError) {
            switch (request.method, request.path) {
            case ("GET", "/v1/environments"): return HTTPResponse(try environments())
            case ("GET", "/v1/evidence"): return HTTPResponse(try evidence(request))
            case ("GET", "/v1/enrollment"): return HTTPResponse(try enrollment())
            case ("POST", "/v1/activate"): return HTTPResponse(try activate(request, &body))
            case ("POST", "/v1/call"): return HTTPResponse(try call(request, &body))
            case (_, "/v1/environments"), (_, "/v1/evidence"), (_, "/v1/enrollment"), (_, "/v1/activate"),
                (_, "/v1/call"):
                return HTTPResponse(ToolError(.usage, "\(request.method) \(request.path)"), status: 405)
            default:
                return HTTPResponse(ToolError(.usage, "no such path: \(request.path)"), status: 404)
            }
        } catch { return HTTPResponse(error) }
    }

    private func environments() throws(ToolError) -> JSON {
        let records = try backend.withManager { client throws(ToolError) in try client.environments() }
        return EnvironmentList.json(records)
    }

    private func call(_ request: HTTPRequest, _ body: inout some ByteSource) throws(ToolError) -> [UInt8] {
        let identifier = try number(request, "environment")
        let operation = try number(request, "operation")
        var source = body
        let answer = try backend.withManager { client throws(ToolError) in
            var answer: [UInt8] = []
            try client.call(identifier, operation: operation, input: &source) { piece throws(ToolError) in
                guard answer.count + piece.count <= Self.mostAnswerBytes else {
                    throw ToolError(.workloadFailed, "its answer has more than \(Self.mostAnswerBytes) bytes")
                }
                answer += piece
            }
            return answer
        }
        body = source
        return answer
    }

    private func enrollment() throws(ToolError) -> JSON {
        var tpm = try backend.openTPM()
        let identity = try tpm.identity()
        return .object([
            "schema": .string("sice.enrollment-request/1"),
            "endorsement_certificate": .string(Base64.encode(identity.endorsementCertificate)),
            "endorsement_key": .string(Base64.encode(identity.endorsementKey)),
            "attestation_key": .string(Base64.encode(identity.attestationKey)),
        ])
    }

    private func activate(_ request: HTTPRequest, _ body: inout some ByteSource) throws(ToolError) -> JSON {
        guard request.contentLength <= Self.mostJSONBytes else {
            throw ToolError(.invalidArgument, "a body of \(request.contentLength) bytes")
        }
        let bytes = try body.next(request.contentLength)
        var fields = try JSONFields(
            document: bytes, schema: "sice.activation/1", context: "activation",
            errors: JSONFields.Errors(.invalidArgument))
        let credential = try fields.base64("credential_blob")
        let secret = try fields.base64("encrypted_secret")
        try fields.finish()
        var tpm = try backend.openTPM()
        let result = try tpm.activate(credential: credential, secret: secret)
        return .object([
            "schema": .string("sice.activation-result/1"), "secret": .string(Hex.encode(result)),
        ])
    }

    /// A decimal query parameter.
    func number(_ request: HTTPRequest, _ name: String) throws(ToolError) -> UInt32 {
        guard let text = request.query[name], let value = UInt32(text) else {
            throw ToolError(.usage, "the query parameter \(name) is missing or not a number")
        }
        return value
    }
}
