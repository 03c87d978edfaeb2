internal import Firmware
internal import SICEABI

/// What the probe found, as lines on COM2 that a test parses: `check NAME EXPECTED FOUND` (hexadecimal),
/// `metric NAME VALUE UNIT`, `digest NAME HEX`, and at the end `done CHECKS FAILURES` (decimal).
struct Results {
    private let port = Console(port: 0x2F8)
    private var checks: UInt64 = 0
    private(set) var failures: UInt64 = 0

    init() {
        port.start()
    }

    /// Records whether a value is the expected one.
    mutating func check(_ name: StaticString, _ part: StaticString = "", expected: UInt64, found: UInt64) {
        checks += 1
        if expected != found { failures += 1 }
        port.write("check ")
        port.write(name)
        if part.utf8CodeUnitCount > 0 {
            port.write(".")
            port.write(part)
        }
        port.write(" ")
        port.write(hex: expected)
        port.write(" ")
        port.write(hex: found)
        port.write("\n")
    }

    /// Records whether something holds.
    mutating func check(_ name: StaticString, _ part: StaticString = "", _ holds: Bool) {
        check(name, part, expected: 1, found: holds ? 1 : 0)
    }

    /// Records a measurement.
    func metric(_ name: StaticString, _ value: UInt64, unit: StaticString) {
        port.write("metric ")
        port.write(name)
        port.write(" ")
        port.write(decimal: value)
        port.write(" ")
        port.write(unit)
        port.write("\n")
    }

    /// Records one value of a numbered row: `metric NAME.NUMBER VALUE raw`.
    func metric(_ name: StaticString, number: UInt8, _ value: UInt64) {
        port.write("metric ")
        port.write(name)
        port.write(".")
        port.write(decimal: UInt64(number))
        port.write(" ")
        port.write(decimal: value)
        port.write(" raw\n")
    }

    /// Records bytes, in hexadecimal.
    func digest(_ name: StaticString, _ bytes: Span<UInt8>) {
        port.write("digest ")
        port.write(name)
        port.write(" ")
        for index in 0..<bytes.count { port.write(hex: UInt64(bytes[index]), digits: 2) }
        port.write("\n")
    }

    /// Ends the report.
    func finish() {
        port.write("done ")
        port.write(decimal: checks)
        port.write(" ")
        port.write(decimal: failures)
        port.write("\n")
    }
}
