/// Where the same Linux ran, in the order of the columns.
public enum Surroundings: String, CaseIterable, Sendable {
    case native, kvm, timesharing, multicore

    /// An isolated environment.
    public var isOurs: Bool { self == .timesharing || self == .multicore }

    /// For a person.
    var title: String {
        switch self {
        case .native: "native"
        case .kvm: "KVM"
        case .timesharing: "time-sharing"
        case .multicore: "multi-core"
        }
    }
}

/// What Linux did there, in the order of `measure.c`.
public enum LinuxTask: String, CaseIterable, Sendable {
    case copy, gzip, gunzip, fork, getpid, insmod, wget

    /// Its number in the counts of exits; a guest that waits has the next one.
    public var number: Int { (LinuxTask.allCases.firstIndex(of: self) ?? 0) + 1 }
    static let idleNumber = LinuxTask.allCases.count + 1

    /// A measured repetition is this part of a stated one: 500 calls of `fork` are measured, 10,000 stated.
    var scale: Double { self == .fork ? 20 : 1 }

    /// Overhead over KVM that is allowed, in percent.
    func goal(in mode: Surroundings) -> Double { mode == .multicore ? 3 : self == .wget ? 15 : 5 }
}
