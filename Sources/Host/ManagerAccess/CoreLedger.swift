/// Which CPU of the legacy host was given to which environment: Linux does not tell the local APIC identifier of a CPU
/// that is offline. A text file, one line each: environment, CPU, identifier.
public struct CoreLedger: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public let environment: UInt32
        /// Linux's number.
        public let cpu: Int
        public let apicIdentifier: UInt32

        public init(environment: UInt32, cpu: Int, apicIdentifier: UInt32) {
            self.environment = environment
            self.cpu = cpu
            self.apicIdentifier = apicIdentifier
        }
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    /// Parses the file's text; lines that say nothing sensible are dropped.
    public init(_ text: String) {
        for line in text.split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 3, let environment = UInt32(exactly: numbers[0]), numbers[1] >= 0,
                let identifier = UInt32(exactly: numbers[2])
            else { continue }
            entries.append(Entry(environment: environment, cpu: numbers[1], apicIdentifier: identifier))
        }
    }

    /// The file's text.
    public var text: String {
        entries.map { "\($0.environment) \($0.cpu) \($0.apicIdentifier)\n" }.joined()
    }

    public func entry(of environment: UInt32) -> Entry? {
        entries.first { $0.environment == environment }
    }

    public mutating func add(_ entry: Entry) {
        remove(entry.environment)
        entries.append(entry)
    }

    public mutating func remove(_ environment: UInt32) {
        entries.removeAll { $0.environment == environment }
    }
}
