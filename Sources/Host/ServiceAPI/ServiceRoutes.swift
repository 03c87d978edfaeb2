internal import Diagnostics
internal import SICEABI

/// Which requests are taken, by their heads alone: decided before a body is waited for, and without the machine.
public struct ServiceRoutes: Sendable {
    /// Most bytes of a request to a workload, and of its answer: both are held in memory as a whole.
    public static let mostCallBytes = 64 << 20
    /// Most bytes of a workload's answer to root.
    public static let mostControlBytes = 256 << 20
    /// Most bytes of any other body.
    public static let mostBodyBytes = 64 << 10

    /// Whether everybody who reaches the service may use the workloads.
    public let allowsCalls: Bool
    /// Whether root asks, by the socket: what `sice` does for a person.
    public let isControl: Bool

    /// Most bytes of a workload's answer.
    var mostAnswerBytes: Int { isControl ? Self.mostControlBytes : Self.mostCallBytes }

    /// What verifiers may ask for.
    public init(allowsCalls: Bool) { self.init(allowsCalls: allowsCalls, isControl: false) }

    private init(allowsCalls: Bool, isControl: Bool) {
        self.allowsCalls = allowsCalls
        self.isControl = isControl
    }

    /// What root may ask for.
    public static let control = ServiceRoutes(allowsCalls: true, isControl: true)

    /// Whether a request takes as long as its workload does.
    public static func isCall(_ request: HTTPRequest) -> Bool { request.path == Route.call.rawValue }

    /// What is asked for.
    enum Route: String {
        case environments = "/v1/environments"
        case evidence = "/v1/evidence"
        case enrollment = "/v1/enrollment"
        case activate = "/v1/activate"
        case call = "/v1/call"
        // Root's.
        case info = "/v1/info"
        case report = "/v1/report"
        case destroy = "/v1/destroy"

        var methods: [String] {
            switch self {
            case .environments, .evidence, .enrollment, .info, .report: ["GET", "HEAD"]
            case .activate, .call, .destroy: ["POST"]
            }
        }

        var isControl: Bool {
            switch self {
            case .info, .report, .destroy: true
            case .environments, .evidence, .enrollment, .activate, .call: false
            }
        }

        var mostBytes: Int {
            self == .call ? ServiceRoutes.mostCallBytes : ServiceRoutes.mostBodyBytes
        }
    }

    func route(_ request: HTTPRequest) throws(HTTPRefusal) -> Route {
        guard let route = Route(rawValue: request.path), isControl || !route.isControl else {
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
