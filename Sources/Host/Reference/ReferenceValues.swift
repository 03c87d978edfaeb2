/// What a machine with a known ROM must have measured, event by event. Schema `sice.reference/1`.
public struct ReferenceValues: Equatable, Sendable {
    public static let schema = "sice.reference/1"

    /// One event of the log.
    public struct Event: Equatable, Sendable {
        public var pcr: UInt32
        public var type: UInt32
        /// Nil for the report key, which is another one on each boot: its digest comes from the evidence.
        public var digest: [UInt8]?
        public var data: [UInt8]
        /// For people.
        public var name: String

        public init(pcr: UInt32, type: UInt32, digest: [UInt8]?, data: [UInt8], name: String) {
            self.pcr = pcr
            self.type = type
            self.digest = digest
            self.data = data
            self.name = name
        }
    }

    /// An image that the environment may run.
    public struct Image: Equatable, Sendable {
        public var name: String
        public var measurement: [UInt8]

        public init(name: String, measurement: [UInt8]) {
            self.name = name
            self.measurement = measurement
        }
    }

    /// The Spec ID event.
    public var logHeader: [UInt8]
    /// In the order of the log.
    public var events: [Event]
    /// SHA-256 of `sice/manager`.
    public var managerDigest: [UInt8]
    public var images: [Image]

    public init(logHeader: [UInt8], events: [Event], managerDigest: [UInt8], images: [Image]) {
        self.logHeader = logHeader
        self.events = events
        self.managerDigest = managerDigest
        self.images = images
    }
}
