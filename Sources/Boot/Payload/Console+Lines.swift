internal import CorebootFormats
internal import Firmware
internal import SICEABI

extension Console {
    /// One line of the boot, in the form that people and tests look for.
    func line(_ text: StaticString) {
        write("sice: ")
        write(text)
        endLine()
    }

    /// A line with a number of MiB and an address.
    func line(_ text: StaticString, mebibytes size: UInt64, at address: UInt64) {
        write("sice: ")
        write(text)
        write(" ")
        write(decimal: size >> 20)
        write(" MiB at 0x")
        write(hex: address)
        endLine()
    }

    /// A line with two ranges of memory.
    func line(_ text: StaticString, _ one: MemoryRange, _ relation: StaticString, _ other: MemoryRange) {
        write("sice: ")
        write(text)
        write(one)
        write(" ")
        write(relation)
        write(other)
        endLine()
    }

    /// First and last byte; of an empty range, where it is.
    private func write(_ range: MemoryRange) {
        write(" 0x")
        write(hex: range.base)
        guard range.size > 1 else { return }
        write(" to 0x")
        write(hex: range.end - 1)
    }

    /// A line with a number.
    func line(_ text: StaticString, count: Int) {
        write("sice: ")
        write(text)
        write(" ")
        write(decimal: UInt64(count))
        endLine()
    }

    /// The line that a boot ends with when it must not go on.
    func line(_ error: ErrorCode) {
        let number = UInt64(error.rawValue)
        write("sice: SICE-E")
        var divisor: UInt64 = 1000
        while divisor > 0 {
            write(byte: UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
            divisor /= 10
        }
        write(": ")
        write(error.description.summary)
        endLine()
        line("boot stopped")
    }
}
