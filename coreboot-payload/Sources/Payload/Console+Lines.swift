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
