public import Diagnostics
public import SICEABI
public import StrictJSON

/// The environments of a machine, as its host lists them. Schema `sice.environments/1`.
public struct EnvironmentListing: Equatable, Sendable {
    public static let schema = "sice.environments/1"

    public var environments: [Entry]

    public init(_ environments: [Entry]) { self.environments = environments }

    /// One environment.
    public struct Entry: Equatable, Sendable {
        public var identifier: UInt32
        public var name: String
        public var state: LifecycleState
        /// Nil before the first run.
        public var mode: ExecutionMode?
        public var isDebug: Bool
        /// Pool pages that it owns.
        public var pages: UInt64
        /// World switches so far.
        public var runs: UInt64
        public var measurement: [UInt8]
        /// Sizes of the declared windows, in pages.
        public var windowPages: [UInt32]

        public init(
            identifier: UInt32, name: String, state: LifecycleState, mode: ExecutionMode?, isDebug: Bool,
            pages: UInt64, runs: UInt64, measurement: [UInt8], windowPages: [UInt32]
        ) {
            self.identifier = identifier
            self.name = name
            self.state = state
            self.mode = mode
            self.isDebug = isDebug
            self.pages = pages
            self.runs = runs
            self.measurement = measurement
            self.windowPages = windowPages
        }
    }

    /// Parses an answer. Throws `targetRefused`.
    public init(_ bytes: [UInt8]) throws(ToolError) {
        var document = try JSONFields(
            document: bytes, schema: Self.schema, context: "environments", errors: Entry.errors)
        environments = []
        for element in try document.array("environments") { environments.append(try Entry(element)) }
        try document.finish()
    }

    /// The listing as JSON.
    public var json: JSON {
        .object([
            "schema": .string(Self.schema), "environments": .array(environments.map(\.json)),
        ])
    }

    /// The first environment with a name.
    public func identifier(named name: String) -> UInt32? {
        environments.first { $0.name == name }?.identifier
    }
}

extension EnvironmentListing.Entry {
    static let errors = JSONFields.Errors(.targetRefused)

    init(_ value: JSON) throws(ToolError) {
        var fields = try JSONFields(value, context: "environment", errors: Self.errors)
        identifier = try Self.number(fields.integer("id"), "id")
        name = try fields.string("name")
        state = try Self.known(fields.string("state"), LifecycleState.init(name:))
        mode = try fields.has("mode") ? Self.known(fields.string("mode"), ExecutionMode.init(name:)) : nil
        isDebug = try fields.boolean("debug")
        pages = try Self.number(fields.integer("pages"), "pages")
        runs = try Self.number(fields.integer("runs"), "runs")
        measurement = try fields.hex("measurement", count: ABI.digestSize)
        windowPages = []
        for element in try fields.array("window_pages") {
            guard case .integer(let number) = element else {
                throw ToolError(.targetRefused, "environment: window_pages must be integers")
            }
            windowPages.append(try Self.number(number, "window_pages"))
        }
        try fields.finish()
    }

    var json: JSON {
        .object([
            "id": .integer(Int64(identifier)), "name": .string(name), "state": .string(state.name),
            "mode": mode.map { .string("\($0.name)") }, "debug": .boolean(isDebug),
            "pages": .integer(Int64(clamping: pages)), "runs": .integer(Int64(clamping: runs)),
            "measurement": .string(Hex.encode(measurement)),
            "window_pages": .array(windowPages.map { .integer(Int64($0)) }),
        ])
    }

    private static func number<T: FixedWidthInteger>(_ value: Int64, _ key: String) throws(ToolError) -> T {
        guard let number = T(exactly: value) else {
            throw ToolError(.targetRefused, "environment: \(key) is out of range")
        }
        return number
    }

    private static func known<T>(_ name: String, _ make: (String) -> T?) throws(ToolError) -> T {
        guard let value = make(name) else {
            throw ToolError(.targetRefused, "environment: unknown: \(JSON.string(name).line)")
        }
        return value
    }
}
