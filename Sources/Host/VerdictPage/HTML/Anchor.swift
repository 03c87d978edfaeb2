internal import Appraisal
internal import SICEABI

/// A place of the page that others name.
enum Anchor: Equatable, Sendable {
    case verdict, chain, checks, protections, runtimeLog, inputs
    case drawing(Drawing)
    case drawingText(Drawing)
    case check(Check.Identifier)
    case claim(PostureClaim)

    enum Drawing: String { case chain, line }

    var name: String {
        switch self {
        case .verdict: "verdict"
        case .chain: "chain"
        case .checks: "checks"
        case .protections: "protections"
        case .runtimeLog: "runtime-log"
        case .inputs: "inputs"
        case .drawing(let drawing): "drawing-\(drawing.rawValue)"
        case .drawingText(let drawing): "drawing-\(drawing.rawValue)-text"
        case .check(let check): "check-\(check.rawValue)"
        case .claim(let claim): "protection-\(claim.name)"
        }
    }
}
