internal import Foundation

/// The time that a process had: the clock's, less that in which one of its threads was ready to run and had no processor
/// (`/proc/PID/task/*/schedstat`, second word, in nanoseconds). Where the kernel does not count that, it is the clock's.
struct OwnTime {
    private let folder: String
    private var moment = Date()
    private var waits: [String: Double]

    init(of process: Int32) {
        folder = "/proc/\(process)/task"
        waits = OwnTime.waits(folder)
    }

    /// Seconds since the last call, or since the start.
    mutating func passed() -> Double {
        let (now, later) = (Date(), OwnTime.waits(folder))
        defer { (moment, waits) = (now, later) }
        let waited = later.map { $0.value - waits[$0.key, default: 0] }.max() ?? 0
        return max(0, now.timeIntervalSince(moment) - max(0, waited))
    }

    /// Seconds for which each thread waited for a processor.
    private static func waits(_ folder: String) -> [String: Double] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var waits: [String: Double] = [:]
        for thread in threads {
            waits[thread] = nanoseconds("\(folder)/\(thread)/schedstat").map { $0 / 1e9 }
        }
        return waits
    }

    private static func nanoseconds(_ path: String) -> Double? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let words = String(decoding: data, as: UTF8.self).split(separator: " ")
        return words.count == 3 ? Double(words[1]) : nil
    }
}
