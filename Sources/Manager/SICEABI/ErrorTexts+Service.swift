extension ErrorCode {
    /// E10xx: between `sice`, `siced` and their callers.
    var serviceText: ErrorDescription {
        switch self {
        case .callAbandoned:
            ErrorDescription(
                "The workload did not answer in the time that the service gives a call.",
                "Ask for less at once; `sice call` on the host itself waits as long as it takes.", 69)
        case .daemonUnusable:
            ErrorDescription(
                "What came from the socket of `siced` is no whole answer that this `sice` understands.",
                "Repeat the command if `siced` ended meanwhile, else use both of one version; `--direct` asks the manager.",
                69)
        case .daemonSilent:
            ErrorDescription(
                "`siced` does not answer.",
                "It may be stopped or hang: end the process that is named; `--direct` asks the manager without it.",
                69)
        case .serveIsADaemon:
            ErrorDescription(
                "The service is a program of its own, `siced`.",
                "Run `siced` with the same options; `siced --help` names them.", 64)
        default: .missing
        }
    }
}
