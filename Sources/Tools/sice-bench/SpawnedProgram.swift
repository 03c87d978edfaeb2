internal import Glibc

/// A program that writes to files. Foundation's waits for all that inherited something of it; this one ends when it ends,
/// whoever it leaves behind.
struct SpawnedProgram {
    private let identifier: pid_t

    /// Starts it, with nothing to read. Throws ``SoakFailure``.
    init(_ path: String, _ arguments: [String], output: String, errors: String) throws(SoakFailure) {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (number, file) in [(1, output), (2, errors)] as [(Int32, String)] {
            unsafe posix_spawn_file_actions_addopen(
                &actions, number, file, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        }
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        defer { while let word = unsafe words.popLast() { unsafe free(word) } }
        var number: pid_t = 0
        let error = unsafe posix_spawn(&number, path, &actions, nil, words, environ)
        guard error == 0 else { throw SoakFailure(text: "\(path) cannot be started, error \(error)") }
        identifier = number
    }

    /// Whether it has not ended; what it ended with is still to be asked for.
    var isRunning: Bool {
        var information = unsafe siginfo_t()
        let found = unsafe waitid(P_PID, id_t(identifier), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe found == 0 && information._sifields._kill.si_pid == 0
    }

    /// Waits for its end. Nil when a signal ended it.
    func status() -> Int32? {
        var status: Int32 = 0
        while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? status >> 8 & 0xFF : nil
    }

    func kill() { _ = Glibc.kill(identifier, SIGKILL) }
}
