/// What `tools/sice-cost/run` prints, line by line:
///
/// - `row MODE TASK NANOSECONDS`, a repetition; TASK may be `idle`
/// - `exits MODE NUMBER COUNT …`, of all repetitions of the task with that number
/// - `instructions MODE TASK OWN OTHER`, of a repetition: of the CPU it runs on, and of the other one
/// - `clock MODE HOST GUEST`, nanoseconds, twice a run: at its beginning and its end
/// - `error MODE …`, what a guest complained of
struct SurroundingsLog {
    struct Key: Hashable {
        let task: LinuxTask
        let mode: Surroundings
    }

    private(set) var seconds: [Key: [Double]] = [:]
    private(set) var own: [Key: [Double]] = [:]
    private(set) var other: [Key: [Double]] = [:]
    private(set) var exits: [Surroundings: [Int: Double]] = [:]
    private(set) var idleSeconds: [Surroundings: Double] = [:]
    /// Why the measurement counts for nothing.
    private(set) var problems: [String] = []
    private var began: [Surroundings: (host: Double, guest: Double)] = [:]

    init(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count > 1, let mode = Surroundings(rawValue: words[1]) else { continue }
            if !read(words, mode, String(line)) { problems.append("cannot be read: \(line)") }
        }
    }

    /// Returns whether the line is of its form. Lines of no form are others' words.
    private mutating func read(_ words: [String], _ mode: Surroundings, _ line: String) -> Bool {
        switch words[0] {
        case "error":
            problems.append("in mode \(mode): \(line)")
            return true
        case "row": return row(words, mode)
        case "exits":
            guard words.count > 3, let number = Int(words[2]), let count = Double(words[3]) else {
                return false
            }
            exits[mode, default: [:]][number, default: 0] += count
        case "instructions":
            guard words.count > 4, let task = LinuxTask(rawValue: words[2]), let mine = Double(words[3]),
                let theirs = Double(words[4])
            else { return false }
            let key = Key(task: task, mode: mode)
            own[key, default: []].append(mine * task.scale)
            other[key, default: []].append(theirs * task.scale)
        case "clock":
            guard words.count > 3, let host = Double(words[2]), let guest = Double(words[3]) else {
                return false
            }
            clock(mode, host, guest)
        default: break
        }
        return true
    }

    private mutating func row(_ words: [String], _ mode: Surroundings) -> Bool {
        guard words.count > 3, let time = Double(words[3]) else { return false }
        if words[2] == "idle" {
            idleSeconds[mode, default: 0] += time / 1e9
            return true
        }
        guard let task = LinuxTask(rawValue: words[2]) else { return false }
        seconds[Key(task: task, mode: mode), default: []].append(time / 1e9 * task.scale)
        return true
    }

    /// A guest whose clock runs wrong measures times wrong.
    private mutating func clock(_ mode: Surroundings, _ host: Double, _ guest: Double) {
        guard let start = began.removeValue(forKey: mode) else {
            began[mode] = (host, guest)
            return
        }
        let rate = (guest - start.guest) / (host - start.host)
        guard !(0.98...1.02).contains(rate) else { return }
        problems.append("the clock in mode \(mode) ran at \(rate.printed("%.3f")) of the right rate")
    }
}
