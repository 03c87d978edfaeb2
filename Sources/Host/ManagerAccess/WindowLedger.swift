public import Diagnostics
internal import SICEABI

/// Which parts of the communication area are attached to which environment as windows. It outlives the process
/// that attached them as a text file, one line each: id, window index, offset, bytes.
public struct WindowLedger: Equatable, Sendable {
    /// A window's place in the area.
    public struct Entry: Equatable, Sendable {
        public let environment: UInt32
        public let index: Int
        public let offset: Int
        public let size: Int
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    /// Parses the file's text; lines that say nothing sensible for an area of this size are dropped, because a
    /// window that cannot be found is an error later, but a window at a wrong place would be one for others.
    public init(_ text: String, areaSize: Int) {
        for line in text.split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            guard numbers.count == 4, let environment = UInt32(exactly: numbers[0]), numbers[1] >= 0,
                numbers[3] > 0, numbers[2] >= AreaLayout.windows, numbers[2] <= areaSize - numbers[3],
                numbers[3] < areaSize
            else { continue }
            entries.append(
                Entry(environment: environment, index: numbers[1], offset: numbers[2], size: numbers[3]))
        }
    }

    /// The file's text.
    public var text: String {
        entries.map { "\($0.environment) \($0.index) \($0.offset) \($0.size)\n" }.joined()
    }

    /// Forgets environments that no longer exist, as after a restart of the manager.
    public mutating func keep(_ environments: [UInt32]) {
        entries.removeAll { !environments.contains($0.environment) }
    }

    /// Forgets one environment.
    mutating func release(_ environment: UInt32) {
        entries.removeAll { $0.environment == environment }
    }

    /// The window of an environment. Throws `windowNotDeclared`.
    public func window(_ index: Int, of environment: UInt32) throws(ToolError) -> Entry {
        for entry in entries where entry.environment == environment && entry.index == index { return entry }
        throw ToolError(.windowNotDeclared, "environment \(environment) has no window \(index)")
    }

    /// Takes the first gap that is large enough. Throws `imageTooLarge` when there is none.
    public mutating func allocate(
        _ size: Int, for environment: UInt32, index: Int, areaSize: Int
    ) throws(ToolError) -> Entry {
        var offset = AreaLayout.windows
        for entry in entries.sorted(by: { $0.offset < $1.offset }) {
            if entry.offset - offset >= size { break }
            offset = entry.offset + entry.size
        }
        guard size <= areaSize - offset else {
            throw ToolError(.imageTooLarge, "no room for a window of \(size) bytes")
        }
        let entry = Entry(environment: environment, index: index, offset: offset, size: size)
        entries.append(entry)
        return entry
    }
}
