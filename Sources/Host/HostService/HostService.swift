internal import Diagnostics
internal import EvidenceFormat
internal import ManagerClient
internal import SICEABI
internal import StrictJSON
internal import TPMAttestation

/// The HTTP interface of a legacy host (SPECIFICATION §5): requests in, answers out, no sockets.
public struct HostService<Backend: HostBackend> {
    /// What it takes.
    public let routes: ServiceRoutes
    let backend: Backend

    public init(_ backend: Backend, allowsCalls: Bool) {
        self.backend = backend
        routes = ServiceRoutes(allowsCalls: allowsCalls)
    }

    /// Answers one request that is there as a whole: nobody is waited for here but the machine. Errors become answers.
    public func answer(_ request: HTTPRequest, body: [UInt8]) -> HTTPResponse {
        let response: HTTPResponse
        do throws(HTTPRefusal) {
            response = answer(try routes.route(request), request, body)
        } catch { response = HTTPResponse(error) }
        return response.toMethod(request.method)
    }

    private func answer(
        _ route: ServiceRoutes.Route, _ request: HTTPRequest, _ body: [UInt8]
    ) -> HTTPResponse {
        do throws(ToolError) {
            switch route {
            case .environments: return HTTPResponse(try environments())
            case .evidence: return HTTPResponse(try evidence(request))
            case .enrollment: return HTTPResponse(try enrollment())
            case .activate: return HTTPResponse(try activate(body))
            case .call: return HTTPResponse(try call(request, body))
            }
        } catch { return HTTPResponse(error) }
    }

    private func environments() throws(ToolError) -> JSON {
        let records = try backend.withManager { client throws(ToolError) in try client.environments() }
        return EnvironmentList.listing(records).json
    }

    private func call(_ request: HTTPRequest, _ body: [UInt8]) throws(ToolError) -> [UInt8] {
        let identifier = try number(request, "environment")
        let operation = try number(request, "operation")
        return try backend.withManager { client throws(ToolError) in
            try client.call(
                identifier, operation: operation, input: body, mostBytes: ServiceRoutes.mostCallBytes)
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
