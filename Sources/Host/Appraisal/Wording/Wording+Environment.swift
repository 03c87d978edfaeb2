internal import SICEABI

extension MeasurementPolicy.Answer {
    var words: Wording {
        switch self {
        case .nothingAccepted:
            Wording(missing: "what may run with --image, --measurement or --reference")
        case .measurement(let found, let accepted):
            Wording(
                expected: (status == .pass ? found : accepted[0]).hex, from: "expected image",
                found: found.hex, in: "report: measurement")
        }
    }
}

extension DebugPolicy.Answer {
    var words: Wording {
        let found = isDebug ? "debug image" : "release image"
        return Wording(
            expected: allowsDebug ? found : "release image", from: "policy \(policy)", found: found,
            in: "report: debug status")
    }
}

extension StatePolicy.Answer {
    var words: Wording {
        let names = accepted.map(\.name).sorted().joined(separator: " or ")
        return Wording(
            expected: status == .pass ? state.name : names, from: "policy \(policy)", found: state.name,
            in: "report: state")
    }
}

extension PosturePolicy.Answer {
    var words: Wording {
        let expected = "\(required) protections present"
        let wrong = missing.map { "\($0.claim.name) \($0.value?.name ?? "not reported")" }
        return Wording(
            expected: expected, from: "policy \(policy)",
            found: wrong.isEmpty ? expected : wrong.joined(separator: ", "), in: "report: posture")
    }
}

extension RuntimeLogPolicy.Answer {
    var words: Wording {
        switch self {
        case .bounds(let bounds):
            let dropped = bounds.expected.start
            return Wording(
                expected: bounds.expected.words, from: "report: log count", found: bounds.found.words,
                in: "bundle: runtime_log",
                note: dropped == 0
                    ? "" : "the run-time log is whole from entry \(dropped) on; those before it are not kept")
        case .head(let head): return Wording(head, from: "report: log head", in: "bundle: runtime_log")
        case .base(let base): return Wording(base, from: "start of the log", in: "bundle: runtime_log_base")
        }
    }
}

extension RuntimeLogPolicy.Bounds {
    fileprivate var words: String { "entries \(start) to \(end)" }
}

extension WorkloadDataPolicy.Answer {
    var words: Wording { Wording(data, from: "hash of the given key", in: "report: workload data") }
}
