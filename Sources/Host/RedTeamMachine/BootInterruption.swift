internal import Diagnostics
internal import Foundation
internal import Glibc
internal import MachineRunner

/// Resets a machine in each phase of its boot, as its firmware's console tells them, one phase a boot.
struct BootInterruption {
    /// What begins a line of ours, and the one behind which the attacker runs.
    private static let mark = "sice: "
    private static let end = "sice: starting sice/next"
    /// Seconds for a phase, far longer than any takes.
    private static let patience: Double = 30

    private let machine: BareMachine
    private let console: String
    private var seed: UInt64

    init(_ machine: BareMachine, console: String, seed: UInt64) {
        self.machine = machine
        self.console = console
        self.seed = seed
    }

    /// Waits for the first boot, whose program resets the machine by itself, and cuts one boot short in each of its
    /// phases. Returns how many that were; fewer than there are phases when the machine ended or hung.
    mutating func run() throws(ToolError) -> Int {
        guard waits(until: { $0.contains(BootInterruption.end) }) else { return 0 }
        let phases = BootInterruption.phases(text)
        var place = text.range(of: BootInterruption.end)!.upperBound.utf16Offset(in: text)
        for (count, phase) in phases.enumerated() {
            guard waits(until: { BootInterruption.reaches(phase, phases[0], in: $0, from: place) }) else {
                return count
            }
            pause()
            guard machine.isRunning else { return count }
            // The next boot's first line may be there before the answer is.
            place = text.utf16.count
            try machine.reset()
        }
        return phases.count
    }

    /// The lines of the first boot, up to the one behind which the next program runs.
    static func phases(_ text: String) -> [String] {
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        return lines.prefix { !$0.hasPrefix(end) }.filter { $0.hasPrefix(mark) }
    }

    /// Whether a boot that began behind `place` came to a phase. Lines of the boot before may still come behind it.
    static func reaches(_ phase: String, _ first: String, in text: String, from place: Int) -> Bool {
        let start = String.Index(utf16Offset: min(place, text.utf16.count), in: text)
        guard let begin = text.range(of: first, range: start..<text.endIndex) else { return false }
        return text.range(of: phase, range: begin.lowerBound..<text.endIndex) != nil
    }

    /// Up to 32 ms, so that it is not always a line's end that is struck.
    private mutating func pause() {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1
        usleep(UInt32(seed >> 49))
    }

    private var text: String {
        String(decoding: (try? Data(contentsOf: URL(filePath: console))) ?? Data(), as: UTF8.self)
    }

    private func waits(until holds: (String) -> Bool) -> Bool {
        let deadline = Date(timeIntervalSinceNow: BootInterruption.patience)
        while machine.isRunning, Date() < deadline {
            if holds(text) { return true }
            usleep(2000)
        }
        return false
    }
}
