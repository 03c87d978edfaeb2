public import Diagnostics
internal import SICEABI
public import StrictJSON

extension ReferenceValues {
    /// Parses reference values. Throws `referenceUnreadable`.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        let errors = JSONFields.Errors(.referenceUnreadable)
        var fields = try JSONFields(
            document: bytes, schema: ReferenceValues.schema, context: path, errors: errors)
        logHeader = try fields.hex("log_header")
        managerDigest = try fields.hex("manager_digest", count: ABI.digestSize)
        events = []
        for (index, value) in (try fields.array("events")).enumerated() {
            events.append(try Event(JSONFields(value, context: "\(path): events[\(index)]", errors: errors)))
        }
        images = []
        for (index, value) in (try fields.array("images")).enumerated() {
            images.append(try Image(JSONFields(value, context: "\(path): images[\(index)]", errors: errors)))
        }
        try fields.finish()
    }

    /// The values as JSON.
    public var json: JSON {
        .object([
            "schema": .string(ReferenceValues.schema), "log_header": .string(Hex.encode(logHeader)),
            "manager_digest": .string(Hex.encode(managerDigest)), "events": .array(events.map(\.json)),
            "images": .array(
                images.map {
                    .object([
                        "name": .string($0.name), "measurement": .string(Hex.encode($0.measurement)),
                    ])
                }),
        ])
    }
}

extension ReferenceValues.Event {
    /// Stands in place of the digest that the evidence brings.
    private static let reportKeyDigest = "report-key"

    init(_ members: JSONFields) throws(ToolError) {
        var fields = members
        guard let pcr = UInt32(exactly: try fields.integer("pcr")),
            let type = UInt32(exactly: try fields.integer("type"))
        else { throw ToolError(.referenceUnreadable, "PCR and type of an event are not negative") }
        self.pcr = pcr
        self.type = type
        name = try fields.string("name")
        data = try fields.hex("data")
        let isReportKey = try fields.string("digest") == Self.reportKeyDigest
        digest = isReportKey ? nil : try fields.hex("digest", count: ABI.digestSize)
        try fields.finish()
    }

    var json: JSON {
        .object([
            "name": .string(name), "pcr": .integer(Int64(pcr)), "type": .integer(Int64(type)),
            "digest": .string(digest.map { Hex.encode($0) } ?? Self.reportKeyDigest),
            "data": .string(Hex.encode(data)),
        ])
    }
}

extension ReferenceValues.Image {
    init(_ members: JSONFields) throws(ToolError) {
        var fields = members
        name = try fields.string("name")
        measurement = try fields.hex("measurement", count: ABI.digestSize)
        try fields.finish()
    }
}
