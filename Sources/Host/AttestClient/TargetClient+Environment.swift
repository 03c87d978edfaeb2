public import Diagnostics
internal import EvidenceFormat
internal import SICEABI

extension TargetClient {
    /// The id of the first environment with this name. Throws `noSuchEnvironment`, and what ``get(_:limit:)`` does.
    public func environment(_ name: String) async throws(ToolError) -> UInt32 {
        let listing = try EnvironmentListing(try await get("/v1/environments"))
        guard let identifier = listing.identifier(named: name) else {
            throw ToolError(.noSuchEnvironment, "the machine runs no environment named \(name)")
        }
        return identifier
    }
}
