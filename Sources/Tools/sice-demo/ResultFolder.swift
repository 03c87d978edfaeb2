internal import Diagnostics
internal import Foundation
internal import SICEABI

/// Where a run leaves its files: the folder that the person named, or one that goes when the run succeeded.
struct ResultFolder {
    let path: String
    private let isTemporary: Bool

    /// Throws `outputFailed`.
    init(_ named: String?, isKept: Bool) throws(ToolError) {
        if let named { try SystemName.requireText(named, otherwise: .outputFailed) }
        isTemporary = named == nil && !isKept
        let path = named ?? FileManager.default.temporaryDirectory.path + "/sice-demo-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: path + "/logs", withIntermediateDirectories: true)
        } catch { throw ToolError(.outputFailed, "\(path): \(error.localizedDescription)") }
        self.path = path.absolutePath
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
    func log(_ name: String) -> String { "\(path)/logs/\(name).log" }

    /// After success only: a failed run's logs stay for the person to read.
    func finish() {
        if isTemporary { try? FileManager.default.removeItem(atPath: path) }
    }
}
