internal import Diagnostics
internal import SICEABI
internal import StrictJSON

/// The answer to `GET /v1/environments`, as far as the demo needs it.
struct EnvironmentList {
    private let identifiers: [(name: String, identifier: UInt32)]

    /// Throws `targetRefused` for an answer of another form.
    init(_ answer: [UInt8]) throws(ToolError) {
        let errors = JSONFields.Errors(.targetRefused)
        var document = try JSONFields(
            document: answer, schema: "sice.environments/1", context: "environments", errors: errors)
        var found: [(String, UInt32)] = []
        for element in try document.array("environments") {
            var fields = try JSONFields(element, context: "environment", errors: errors)
            guard let identifier = UInt32(exactly: try fields.integer("id")) else {
                throw ToolError(.targetRefused, "environments: an id is out of range")
            }
            found.append((try fields.string("name"), identifier))
        }
        identifiers = found
    }

    func identifier(named name: String) -> UInt32? { identifiers.first { $0.name == name }?.identifier }
}
