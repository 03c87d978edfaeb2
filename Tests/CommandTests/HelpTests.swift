import Diagnostics
import Foundation
import Testing

/// The help of every command of every tool: the programs say themselves which commands they have.
@Suite struct HelpTests {
    /// What `--experimental-dump-help` of the argument parser prints, as far as it matters here.
    struct Tool: Decodable {
        let command: Command
    }

    struct Command: Decodable {
        let commandName: String
        let abstract: String?
        let arguments: [Argument]?
        let subcommands: [Command]?

        /// The commands that do something, each with its words.
        var leaves: [(words: [String], command: Command)] {
            // The parser adds this one to commands that have others.
            let own = (subcommands ?? []).filter { $0.commandName != "help" }
            guard !own.isEmpty else { return [([], self)] }
            return own.flatMap { sub in sub.leaves.map { ([sub.commandName] + $0.words, $0.command) } }
        }
    }

    struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let names: [Name]?
        let valueName: String?
        let abstract: String?

        /// How the help writes it.
        var spellings: [String] {
            names?.map { ($0.kind == "long" ? "--" : "-") + $0.name } ?? valueName.map { ["<\($0)>"] } ?? []
        }
    }

    static let tools = ["sice", "siced", "sice-attest", "sice-bench", "sice-demo"]
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(_ tool: String, _ arguments: [String]) throws -> Workplace.Result {
        try place.run(Workplace.program(tool), arguments)
    }

    @Test(arguments: tools)
    func help_ofEveryCommandTellsEveryOptionAndAnExample(_ name: String) throws {
        let dump = try run(name, ["--experimental-dump-help"])
        let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.output.utf8)).command
        let leaves = tool.leaves
        #expect(!leaves.isEmpty)
        for (words, command) in leaves {
            let help = try run(name, words + ["--help"])
            #expect(help.status == 0, "\(words)")
            #expect(help.errors.isEmpty, "\(words)")
            let start = ([tool.commandName] + words).joined(separator: " ")
            let hasExample = ["Example: \(start) ", "Example: \(start)\n"].contains {
                help.output.contains($0)
            }
            #expect(hasExample, "\(words)")
            #expect(command.abstract?.isEmpty == false, "\(words)")
            for argument in command.arguments ?? [] {
                #expect(argument.abstract?.isEmpty == false, "\(words): \(argument.spellings)")
                for spelling in argument.spellings {
                    let lines = help.output.split(separator: "\n").drop { !$0.hasPrefix("USAGE:") }
                        .dropFirst()
                    let isListed = lines.contains { line in
                        line.hasPrefix("  ")
                            && line.split(whereSeparator: { " ,".contains($0) }).contains(spelling[...])
                    }
                    #expect(isListed, "\(words): \(spelling)")
                }
            }
        }
    }

    @Test(arguments: tools)
    func help_ofTheToolNamesEveryCommand(_ name: String) throws {
        let dump = try run(name, ["--experimental-dump-help"])
        let tool = try JSONDecoder().decode(Tool.self, from: Data(dump.output.utf8)).command
        let help = try run(name, ["--help"])
        #expect(help.status == 0)
        for (words, _) in tool.leaves where !words.isEmpty {
            #expect(help.output.contains("\n  \(words[0]) "), "\(words)")
            // The same by the other way.
            #expect(
                try run(name, ["help"] + words).output == run(name, words + ["--help"]).output, "\(words)")
        }
    }

    @Test(arguments: tools + ["sice-guest-agent"])
    func version_ofEveryProgramIsTheRelease(_ name: String) throws {
        let version = try run(name, ["--version"])
        #expect(version.status == 0 && version.errors.isEmpty)
        #expect(version.output == ToolVersion.current + "\n")
    }

    @Test(arguments: ["--help", "-h"])
    func help_ofTheGuestsAgent(_ option: String) throws {
        let help = try run("sice-guest-agent", [option])
        #expect(help.status == 0 && help.errors.isEmpty)
        #expect(help.output.contains("sice-guest-agent SIZE@ADDRESS") && help.output.contains("0x81000@"))
        for wrong in [[], ["--other"], ["--help", "--help"]] {
            let usage = try run("sice-guest-agent", wrong)
            #expect(usage.status == 64 && usage.output.isEmpty)
        }
    }

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The scripts that a person calls with options: those whose head says how they are used.
    static let scripts: [String] = ["tools", "ci"].flatMap { folder in
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path + "/" + folder)) ?? []
        return names.sorted().map { "\(folder)/\($0)" }.filter { name in
            (try? String(contentsOf: root.appending(path: name), encoding: .utf8))?.contains("\n# Usage: ")
                == true
        }
    }

    @Test(arguments: scripts)
    func help_ofEveryScriptIsItsHead(_ name: String) throws {
        // Elsewhere, where nothing is built: the answer may not depend on that.
        try place.copy(name)
        let help = try place.script(name, ["--help"])
        #expect(help.status == 0, "\(help.errors)")
        let text = try String(decoding: place.read(name), as: UTF8.self)
        let head = text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst().prefix {
            $0.hasPrefix("#")
        }
        for line in head { #expect(help.output.contains(line.dropFirst(2)), "\(line)") }
        #expect(!help.output.contains("set -euo pipefail"))
    }

    @Test func scripts_areFound() {
        #expect(Set(Self.scripts).isSuperset(of: ["ci/qemu", "tools/attack", "tools/demo", "tools/tcb"]))
    }
}
