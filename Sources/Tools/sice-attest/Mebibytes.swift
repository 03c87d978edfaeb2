internal import ArgumentParser
internal import Diagnostics

/// A size of memory on the command line: a number counts MiB, and `512M`, `512 MiB` or `1GiB` say so.
struct Mebibytes: ExpressibleByArgument, CustomStringConvertible {
    let count: UInt64

    private static let unit: UInt64 = 1 << 20

    init(_ count: UInt64) { self.count = count }

    init?(argument: String) {
        guard let bytes = ByteQuantity.bytes(argument, unit: Mebibytes.unit), bytes % Mebibytes.unit == 0
        else { return nil }
        count = bytes / Mebibytes.unit
    }

    var description: String { "\(count)" }
    var defaultValueDescription: String { description }

    /// Throws for a size that no SMRAM has.
    func requireSMRAMSize(_ option: String) throws {
        guard (16...1024).contains(count) else {
            throw ValidationError("\(option) takes 16 to 1024 MiB, and this is \(count)")
        }
    }
}
