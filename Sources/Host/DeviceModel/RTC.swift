/// The MC146818 clock and its memory: ports 0x70 and 0x71. It shows the host's time in UTC and cannot be set; alarms and
/// IRQ 8 do not exist.
struct RTC: Sendable {
    private enum Register {
        static let statusA = 0x0A
        static let statusB = 0x0B
        static let statusC = 0x0C
        static let statusD = 0x0D
        static let century = 0x32
        /// What a program leaves for the firmware after a reset; only memory here.
        static let shutdown = 0x0F
    }

    private static let is24Hours: UInt8 = 0x02
    private static let isBinary: UInt8 = 0x04
    private static let second: UInt64 = 1_000_000_000
    /// Updating takes 244 µs before the time changes; who reads meanwhile might read a mixture.
    private static let updateTime: UInt64 = 244_000

    private let start: Int64
    private var index = 0
    private var memory: [UInt8]

    /// - Parameter start: seconds since 1970 at time 0.
    init(start: Int64) {
        self.start = start
        memory = [UInt8](repeating: 0, count: 128)
        memory[Register.statusA] = 0x26  // 32768 Hz, as firmware sets it
        memory[Register.statusB] = Self.is24Hours
    }

    mutating func write(_ port: UInt16, _ value: UInt8) {
        if port == 0x70 {
            index = Int(value & 0x7F)
        } else if !isReadOnly(index) {
            memory[index] = value
        }
    }

    func read(_ port: UInt16, now: UInt64) -> UInt8 {
        guard port == 0x71 else { return 0xFF }
        switch index {
        case 0, 2, 4, 6, 7, 8, 9, Register.century: return time(now)
        case Register.statusA:
            let isUpdating = now % Self.second >= Self.second - Self.updateTime
            return memory[index] & 0x7F | (isUpdating ? 0x80 : 0)
        case Register.statusC: return 0
        case Register.statusD: return 0x80  // time and memory are valid
        default: return memory[index]
        }
    }

    private func isReadOnly(_ index: Int) -> Bool {
        switch index {
        case 0, 2, 4, 6, 7, 8, 9, Register.century, Register.statusC, Register.statusD: true
        default: false
        }
    }

    private func time(_ now: UInt64) -> UInt8 {
        let date = CalendarDate(secondsSince1970: start &+ Int64(now / Self.second))
        switch index {
        case 0: return encode(date.second)
        case 2: return encode(date.minute)
        case 4: return hour(date.hour)
        case 6: return encode(date.weekday)
        case 7: return encode(date.day)
        case 8: return encode(date.month)
        case 9: return encode(date.year % 100)
        default: return encode(date.year / 100 % 100)
        }
    }

    private func hour(_ hour: Int) -> UInt8 {
        guard memory[Register.statusB] & Self.is24Hours == 0 else { return encode(hour) }
        return encode((hour + 11) % 12 + 1) | (hour >= 12 ? 0x80 : 0)
    }

    private func encode(_ value: Int) -> UInt8 {
        let isBinary = memory[Register.statusB] & Self.isBinary != 0
        return UInt8(truncatingIfNeeded: isBinary ? value : (value / 10) << 4 | value % 10)
    }
}

/// A moment in the Gregorian calendar, UTC.
struct CalendarDate: Equatable {
    var year = 1970
    var month = 1
    var day = 1
    /// 1 is Sunday.
    var weekday = 5
    var hour = 0
    var minute = 0
    var second = 0

    init(secondsSince1970 seconds: Int64) {
        let bounded = min(max(seconds, 0), 253_402_300_799)  // the year 9999
        let clock = Int(bounded % 86_400)
        (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60)
        let days = Int(bounded / 86_400)
        weekday = (days + 4) % 7 + 1
        // Days since 1 March 0000, in cycles of 400 years, so that the leap day is a year's last.
        let shifted = days + 719_468
        let dayOfCycle = shifted % 146_097
        let yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = shifted / 146_097 * 400 + yearOfCycle + (month <= 2 ? 1 : 0)
    }
}
