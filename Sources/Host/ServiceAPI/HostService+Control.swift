internal import Diagnostics
internal import ManagerAccess
internal import SICEABI
internal import StrictJSON

/// What `sice` asks for root.
extension HostService {
    func info(_ request: HTTPRequest) throws(ToolError) -> HTTPResponse {
        let info = try backend.withManager { client throws(ToolError) in try client.info() }
        guard request.query["format"] == "text" else { return HTTPResponse(ManagerDescription.json(info)) }
        return HTTPResponse(lines: ManagerDescription.lines(info))
    }

    /// The manager's report alone: COSE_Sign1.
    func report(_ request: HTTPRequest) throws(ToolError) -> [UInt8] {
        let identifier = try number(request, "environment")
        guard let nonce = request.query["nonce"].flatMap({ Hex.decode($0) }) else {
            throw ToolError(.usage, "the query parameter nonce is missing or not hexadecimal")
        }
        return try backend.withManager { client throws(ToolError) in
            try client.report(identifier, nonce: nonce)
        }
    }

    func destroy(_ request: HTTPRequest) throws(ToolError) -> HTTPResponse {
        let identifier = try number(request, "environment")
        try backend.withManager { client throws(ToolError) in try client.destroy(identifier) }
        return HTTPResponse([])
    }
}
