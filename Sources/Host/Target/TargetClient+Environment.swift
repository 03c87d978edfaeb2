public import Diagnostics
internal import SICEABI
internal import StrictJSON

extension TargetClient {
    /// The id of the environment with this name. Throws `noSuchEnvironment`, and what ``get(_:limit:)`` does.
    public func environment(_ name: String) async throws(ToolError) -> Int64 {
        let document = try await get("/v1/environments")
        var list = try JSONFields(
            document: document, schema: "sice.environments/1", context: "list", errors: .init(.targetRefused))
        for element in try list.array("environments") {
            var fields = try JSONFields(element, context: "environment", errors: .init(.targetRefused))
            if try fields.string("name") == name { return try fields.integer("id") }
        }
        throw ToolError(.noSuchEnvironment, name)
    }
}
