internal import Benchmarks
internal import Diagnostics
internal import Foundation
internal import Glibc
internal import LinuxSystem
internal import SystemPackage

/// Something is not as it should be after a run.
struct SoakFailure: Error {
    let text: String
}

/// One folder in which the demo runs again and again. How many runs it has seen is kept there.
struct DemoSoak {
    private let folder: URL
    private let demo: String
    private let build: String

    init(folder: String, demo: String, build: String) throws {
        self.folder = URL(filePath: folder.absolutePath).resolvingSymlinksInPath()
        self.demo = demo.absolutePath
        self.build = build
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String) -> URL { folder.appending(path: name) }

    private func text(_ name: String) -> String {
        ((try? Data(contentsOf: file(name))).map { String(decoding: $0, as: UTF8.self) }) ?? ""
    }

    /// The next run; says what came of it. Throws ``SoakFailure``.
    func next() throws -> String {
        let run = SoakRun((Int(text("runs").split(separator: "\n").first ?? "0") ?? 0) + 1)
        do {
            let end = try run.kill.map(killed) ?? work()
            try Data("\(run.number)\n".utf8).write(to: file("runs"))
            return "run \(run.number): \(end)"
        } catch let failure as SoakFailure {
            throw SoakFailure(text: "run \(run.number): \(failure.text)\n\(text("messages"))")
        }
    }

    private func start() throws(SoakFailure) -> SpawnedProgram {
        do throws(Errno) {
            return try SpawnedProgram(
                demo, ["--build", build, "--out", folder.path], output: newFile("said"),
                errors: newFile("messages"))
        } catch { throw SoakFailure(text: "\(demo) cannot be started: \(error)") }
    }

    private func newFile(_ name: String) throws(Errno) -> OpenFile {
        try OpenFile(
            file(name).path, .writeOnly, options: [.create, .truncate],
            permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
    }

    private func work() throws(SoakFailure) -> String {
        guard let status = try start().status() else { throw SoakFailure(text: "a signal ended it") }
        guard status == 0 else { throw SoakFailure(text: "status \(status)") }
        guard text("said").split(separator: "\n").contains("verdict: affirmed") else {
            throw SoakFailure(text: "no verdict")
        }
        try expectNothing(Leftovers.inMachine(of: folder.path))
        return "affirmed"
    }

    private func killed(_ moment: SoakRun.Moment) throws(SoakFailure) -> String {
        // A late look must not find the stages of the run before.
        try? Data().write(to: file("messages"))
        let program = try start()
        while program.isRunning, SoakRun.stages(in: text("messages")) < moment.stage { usleep(20_000) }
        usleep(UInt32(moment.pause * 1e6))
        guard program.isRunning else { throw SoakFailure(text: "it ended by itself") }
        program.kill()
        _ = program.status()
        let stage = text("messages").split(separator: "\n").last ?? ""
        // Whoever keeps its children needs a moment.
        var (looks, left) = (1, Leftovers.inMachine(of: folder.path))
        while !left.isEmpty, looks < 200 {
            usleep(50_000)
            (looks, left) = (looks + 1, Leftovers.inMachine(of: folder.path))
        }
        try expectNothing(left)
        return "killed in \"\(stage)\", nothing left after \(looks) looks"
    }

    private func expectNothing(_ left: [String]) throws(SoakFailure) {
        guard left.isEmpty else { throw SoakFailure(text: "left: \(left.joined(separator: ", "))") }
    }
}
