import Foundation
import Testing

/// What `tools/install` puts on a machine, as far as it can be said without building it. `ci/package` installs it.
@Suite struct InstallScriptTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func list(_ arguments: String...) throws -> Set<Substring> {
        let result = try Workplace().run(
            Self.root.appending(path: "tools/install"), ["--list"] + arguments)
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let lines = result.output.split(separator: "\n")
        #expect(Set(lines).count == lines.count)
        return Set(lines)
    }

    /// All programs but those that work on a clone.
    @Test func programs_haveAPageAndCompletions() throws {
        let files = try list("--prefix", "/p")
        let programs = files.filter { $0.hasPrefix("/p/bin/") || $0.hasPrefix("/p/sbin/") }
        let names = Set(programs.map { String($0.split(separator: "/").last ?? "") })
        #expect(names == Set(HelpTests.tools).subtracting(["sice-bench", "sice-demo"]))
        for program in programs {
            let (name, section) = (program.split(separator: "/").last!, program.contains("/sbin/") ? 8 : 1)
            #expect(files.contains("/p/share/man/man\(section)/\(name).\(section)"))
            #expect(files.contains("/p/share/bash-completion/completions/\(name)"))
            #expect(files.contains("/p/share/zsh/site-functions/_\(name)"))
            #expect(files.contains("/p/share/fish/vendor_completions.d/\(name).fish"))
        }
    }

    @Test func parts_areAllTogether() throws {
        let (verifier, host) = try (list("verifier"), list("host"))
        #expect(verifier.contains("/usr/local/bin/sice-attest") && verifier.isDisjoint(with: host))
        #expect(try list() == verifier.union(host))
        #expect(try list("host", "verifier") == verifier.union(host))
        // Debian's shell reads those of packages elsewhere.
        #expect(try list("--prefix", "/usr", "host").contains("/usr/share/zsh/vendor-completions/_siced"))
    }

    @Test func unit_startsWhatIsInstalled() throws {
        let unit = try String(
            contentsOf: Self.root.appending(path: "tools/legacy-host/siced.service"), encoding: .utf8)
        let starts = unit.matches(of: /(?m)^ExecStart=@PREFIX@(\S+)$/).map { "/p" + $0.output.1 }
        #expect(starts.count == 1)
        let files = try list("--prefix", "/p", "host")
        #expect(files.contains("/p/lib/systemd/system/siced.service"))
        #expect(files.isSuperset(of: starts.map { $0[...] }))
        for page in unit.matches(of: /man:([a-z-]+)\((\d)\)/) {
            let (_, name, section) = page.output
            #expect(files.contains("/p/share/man/man\(section)/\(name).\(section)"))
        }
    }

    @Test(arguments: [
        ["--prefix", "usr"], ["--prefix"], ["--other"], ["guest"], ["--list", "tools"],
    ])
    func reject_wrongUse(_ arguments: [String]) throws {
        let result = try Workplace().run(Self.root.appending(path: "tools/install"), arguments)
        #expect(result.status == 64 && result.output.isEmpty)
        #expect(result.errors.hasPrefix("install: "), "\(result.errors)")
    }
}
