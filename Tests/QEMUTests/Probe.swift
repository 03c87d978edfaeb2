import Foundation
import SICEABI

/// One boot of the probe and what it reported (Tests/ProbeHost/run).
struct Probe {
    /// A value that the probe compared.
    struct Check {
        let name: String
        let expected: UInt64
        let found: UInt64
    }

    /// QEMU's exit status when every check held.
    static let allHeld: Int32 = 33
    /// The payload stopped the boot.
    static let bootStopped: Int32 = 3

    private(set) var checks: [Check] = []
    private(set) var metrics: [String: UInt64] = [:]
    private(set) var digests: [String: String] = [:]
    /// Checks and failures as the probe counted them; nil when it did not get to its end.
    private(set) var total: (checks: Int, failures: Int)?
    let status: Int32
    let console: String

    /// Boots `rom` (or the standard one) with the case `name`.
    init(
        _ name: String, rom: URL? = nil, cores: Int = 2, memory: Int = 2048, tseg: Int = 64,
        options: [String] = []
    ) throws {
        let rom = try rom ?? Artefacts.standardROM.get()
        try self.init(
            script: "Tests/ProbeHost/run",
            [
                "--rom", rom.path, "--cores", "\(cores)", "--memory", "\(memory)", "--tseg", "\(tseg)",
                "--timeout", "300",
            ] + options, name)
    }

    /// Boots Debian with KVM in use (Tests/KVMHost/run), which reports in the same format.
    init(kvm name: String) throws {
        try self.init(script: "Tests/KVMHost/run", [], name)
    }

    private init(script: String, _ options: [String], _ name: String) throws {
        let consoleFile = Artefacts.temporary.appending(path: UUID().uuidString)
        let result = try Command(
            Artefacts.root.appending(path: script), ["--console", consoleFile.path] + options + [name]
        ).run()
        status = result.status
        console = (try? String(contentsOf: consoleFile, encoding: .utf8)) ?? result.errorText
        for line in result.output.split(separator: "\n") { try read(line) }
    }

    /// Checks that did not hold, as text for a message.
    var failures: [String] {
        checks.filter { $0.expected != $0.found }
            .map {
                "\($0.name): expected \(String($0.expected, radix: 16)), found \(String($0.found, radix: 16))"
            }
    }

    /// The posture that a report gave, from the metrics `posture.N`.
    var posture: [PostureClaim: PostureValue] {
        var posture: [PostureClaim: PostureValue] = [:]
        for number in 0..<UInt8(PostureClaim.count) {
            guard let claim = PostureClaim(rawValue: number), let value = metrics["posture.\(number)"] else {
                continue
            }
            posture[claim] = UInt8(exactly: value).flatMap(PostureValue.init)
        }
        return posture
    }

    /// Whether a check of this name was made at all.
    func made(_ name: String) -> Bool {
        checks.contains { $0.name == name }
    }

    private mutating func read(_ line: Substring) throws {
        let fields = line.split(separator: " ").map(String.init)
        switch (fields.first, fields.count) {
        case ("check", 4):
            guard let expected = UInt64(fields[2], radix: 16), let found = UInt64(fields[3], radix: 16) else {
                throw HarnessError.unreadable(String(line))
            }
            checks.append(Check(name: fields[1], expected: expected, found: found))
        case ("metric", 4):
            guard let value = UInt64(fields[2]) else { throw HarnessError.unreadable(String(line)) }
            metrics[fields[1]] = value
        case ("digest", 3): digests[fields[1]] = fields[2]
        case ("done", 3):
            guard let checks = Int(fields[1]), let failures = Int(fields[2]) else {
                throw HarnessError.unreadable(String(line))
            }
            total = (checks, failures)
        default: throw HarnessError.unreadable(String(line))
        }
    }
}
