internal import Diagnostics
internal import SICEABI
internal import SystemPackage

extension ToolError {
    /// Does what the system may refuse. Throws `serviceFailed` with its words, behind those of what was wanted.
    static func ifRefused<Result>(
        _ what: String? = nil, _ body: () throws(Errno) -> Result
    ) throws(ToolError) -> Result {
        do throws(Errno) { return try body() } catch {
            throw ToolError(.serviceFailed, what.map { "\($0): \(error)" } ?? "\(error)")
        }
    }
}
