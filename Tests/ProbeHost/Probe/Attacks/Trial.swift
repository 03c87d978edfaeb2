internal import CMachine
internal import CProbe
internal import SICEABI

/// Whether the manager is as good as ever: a whole life of an environment, and its answers.
enum Trial {
    /// The first thing that is wrong, nil when nothing is.
    static func failure() -> StaticString? {
        let before = Information()
        guard before.error == 0 else { return "info" }
        guard before.flags & PlatformFlags.reportKey != 0 else { return "key-gone" }
        do throws(ErrorCode) {
            let environment = try Environment(
                GuestImage(at: WorkMemory.secondImage, entry: probe_guest_echo))
            let first = environment.run()
            let second = environment.run(41)
            try environment.destroy()
            guard first.registers.rcx == 1, second.registers.rcx == 42 else { return "guest" }
        } catch { return "environment" }
        return Information().freePages == before.freePages ? nil : "pages"
    }
}

extension Attempt {
    /// The manager still does all that it promises.
    mutating func expectManager() {
        let failure = Trial.failure()
        expect(failure == nil, failure ?? "-")
    }
}
