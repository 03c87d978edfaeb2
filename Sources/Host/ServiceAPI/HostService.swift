internal import Diagnostics
internal import EvidenceFormat
internal import ManagerAccess
internal import SICEABI
internal import StrictJSON
internal import TPMAttestation

/// The HTTP interface of a legacy host (SPECIFICATION §5): requests in, answers out, no sockets.
public struct HostService<Backend: HostBackend> {
    let backend: Backend

    public init(_ backend: Backend) { self.backend = backend }

    /// Answers one request that is there as a whole: nobody is waited for here but the machine. Errors become answers.
    /// `routes` are those of the door that it came through.
    public func answer(_ request: HTTPRequest, body: [UInt8], routes: ServiceRoutes) -> HTTPResponse {
        let response: HTTPResponse
        do throws(HTTPRefusal) {
            response = answer(try routes.route(request), request, body, routes)
        } catch { response = HTTPResponse(error) }
        return response.toMethod(request.method)
    }

    private func answer(
        _ route: ServiceRoutes.Route, _ request: HTTPRequest, _ body: [UInt8], _ routes: ServiceRoutes
    ) -> HTTPResponse {
        do throws(ToolError) {
            switch route {
            case .environments: return try environments(request)
            case .evidence: return HTTPResponse(try evidence(request))
            case .enrollment: return HTTPResponse(try enrollment())
            case .activate: return HTTPResponse(try activate(body))
            case .call: return HTTPResponse(try call(request, body, routes))
            case .info: return try info(request)
            case .report: return HTTPResponse(try report(request))
            case .destroy: return try destroy(request)
            }
        } catch { return HTTPResponse(error) }
    }

    private func environments(_ request: HTTPRequest) throws(ToolError) -> HTTPResponse {
        let records = try backend.withManager { client throws(ToolError) in try client.environments() }
        guard request.query["format"] == "text" else {
            return HTTPResponse(EnvironmentList.listing(records).json)
        }
        return HTTPResponse(lines: EnvironmentList.lines(records))
    }

    private func call(
        _ request: HTTPRequest, _ body: [UInt8], _ routes: ServiceRoutes
    ) throws(ToolError) -> [UInt8] {
        let identifier = try number(request, "environment")
        let operation = try number(request, "operation")
        return try backend.withManager { client throws(ToolError) in
            try client.call(
                identifier, operation: operation, input: body, mostBytes: routes.mostAnswerBytes)
        }
    }

    private func enrollment() throws(ToolError) -> JSON {
        var tpm = try backend.openTPM()
        let identity = try tpm.identity()
        return EnrollmentRequest(
            endorsementCertificate: identity.endorsementCertificate,
            endorsementKey: identity.endorsementKey, attestationKey: identity.attestationKey
        ).json
    }

    private func activate(_ body: [UInt8]) throws(ToolError) -> JSON {
        let activation = try Activation(body)
        var tpm = try backend.openTPM()
        let secret = try tpm.activate(
            credential: activation.credentialBlob, secret: activation.encryptedSecret)
        return ActivationResult(secret: secret).json
    }

    /// A decimal query parameter.
    func number(_ request: HTTPRequest, _ name: String) throws(ToolError) -> UInt32 {
        guard let text = request.query[name], let value = UInt32(text) else {
            throw ToolError(.usage, "the query parameter \(name) is missing or not a number")
        }
        return value
    }
}
