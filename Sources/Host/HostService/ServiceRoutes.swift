internal import Diagnostics
internal import SICEABI

/// Which requests are taken, by their heads alone: decided before a body is waited for, and without the machine.
public struct ServiceRoutes: Sendable {
    /// Most bytes of a request to a workload, and of its answer: both are held in memory as a whole.
    public static let mostCallBytes = 64 << 20
    /// Most bytes of any other body.
    public static let mostBodyBytes = 64 << 10

    /// Whether everybody who reaches the service may use the workloads.
    public let allowsCalls: Bool

    public init(allowsCalls: Bool) { self.allowsCalls = allowsCalls }

    /// What is asked for.
    enum Route: String {
        case environments = "/v1/environments"
        case evidence = "/v1/evidence"
        case enrollment = "/v1/enrollment"
        case activate = "/v1/activate"
        case call = "/v1/call"

        var methods: [String] {
            switch self {
            case .environments, .evidence, .enrollment: ["GET", "HEAD"]
            case .activate, .call: ["POST"]
            }
        }

        var mostBytes: Int {
            self == .call ? ServiceRoutes.mostCallBytes : ServiceRoutes.mostBodyBytes
        }
    }

    func route(_ request: HTTPRequest) throws(HTTPRefusal) -> Route {
        guard let route = Route(rawValue: request.path) else {
            throw HTTPRefusal("no such path: \(request.path)", status: 404)
        }
        guard route.methods.contains(request.method) else {
            let error = ToolError(.usage, "\(request.method) \(request.path)")
            throw HTTPRefusal(error, status: 405, allowedMethods: route.methods)
        }
        guard route != .call || allowsCalls else {
            throw HTTPRefusal(ToolError(.callsNotAllowed), status: 403)
        }
        guard request.contentLength <= route.mostBytes else {
            let detail = "a body of \(request.contentLength) bytes, where \(route.mostBytes) are taken"
            throw HTTPRefusal(ToolError(.requestTooLarge, detail), status: 413)
        }
        return route
    }
}
