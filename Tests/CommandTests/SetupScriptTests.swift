import Foundation
import Testing

/// `tools/setup` where nothing is installed, by programs that only say how they were called. All of its runs end by themselves:
/// one that waited for an answer would never come back.
@Suite struct SetupScriptTests {
    private let scripts: ScriptPlace
    private let missing = "Debian packages that are missing: zstd\n"
    private let installing = "apt-get -q -o DPkg::Lock::Timeout=300"

    init() throws {
        scripts = try ScriptPlace("tools/setup")
        try swift("6.3.1")
        try scripts.fake("apt-get")
        try scripts.fake("sudo", #"shift; exec "$@""#)
        try have(allBut: "zstd")
        try user(1000)
    }

    private func swift(_ version: String) throws {
        try scripts.put("#!/bin/sh\necho 'Swift version \(version)'\n", "programs/swift")
    }

    private func user(_ id: Int) throws { try scripts.put("#!/bin/sh\necho \(id)\n", "programs/id") }

    private func have(allBut package: String) throws {
        try scripts.put(
            "#!/bin/sh\nfor name; do :; done\n[ $name = '\(package)' ] || echo installed\n",
            "programs/dpkg-query")
    }

    @Test func nothingMissing_saysNothing() throws {
        try have(allBut: "none of them")
        let result = try scripts.run("tools/setup <&-")
        #expect(result.status == 0)
        #expect(result.output + result.errors == "")
        #expect(try scripts.calls() == [])
    }

    @Test(arguments: ["<&-", "</dev/null", "< <(yes)"])
    func nobodyToAsk_saysWhatToDo(_ input: String) throws {
        let result = try scripts.run("tools/setup \(input)")
        #expect(result.status == 69)
        #expect(
            result.errors
                == missing + "setup: nobody to ask; run tools/setup --yes, or install them yourself\n")
        #expect(try scripts.calls() == [])
    }

    @Test(arguments: [
        ("n", "setup: stopped; nothing was installed"), ("", "setup: stopped; nothing was installed"),
    ])
    func answerOnATerminal_isTaken(_ answer: String, _ last: String) throws {
        let result = try scripts.run("echo '\(answer)' | script -qec tools/setup /dev/null")
        #expect(result.status == 69)
        #expect(result.output.contains("Install them with apt-get? [y/N]"))
        #expect(result.output.contains(last))
        #expect(try scripts.calls() == ["sudo -n true"])
    }

    @Test func yesOnATerminal_installs() throws {
        #expect(try scripts.run("echo y | script -qec tools/setup /dev/null").status == 0)
        #expect(
            try scripts.calls().last == "\(installing) -o Dpkg::Options::=--force-confold"
                + " install -y --no-install-recommends zstd")
    }

    @Test(arguments: ["tools/setup --yes", "CI=1 tools/setup"])
    func installingAsAUser_asksNobody(_ command: String) throws {
        // The line that the program reads would be an answer to a question.
        try scripts.fake("apt-get", #"read -r line && echo "read $line"; echo "$DEBIAN_FRONTEND""#)
        let result = try scripts.run("\(command) <<<answer")
        #expect(result.status == 0)
        #expect(result.output == "")
        #expect(result.errors == missing + "noninteractive\nnoninteractive\n")
        let (update, install) = (
            "\(installing) update",
            "\(installing) -o Dpkg::Options::=--force-confold install -y --no-install-recommends zstd"
        )
        #expect(
            try scripts.calls() == [
                "sudo -n true", "sudo -n env DEBIAN_FRONTEND=noninteractive \(update)", update,
                "sudo -n env DEBIAN_FRONTEND=noninteractive \(install)", install,
            ])
    }

    @Test func installingAsRoot_needsNoSudo() throws {
        try user(0)
        #expect(try scripts.run("tools/setup --yes <&-").status == 0)
        #expect(try scripts.calls().map { $0.split(separator: " ")[0] } == ["apt-get", "apt-get"])
    }

    @Test func failedInstall_fails() throws {
        try scripts.fake("apt-get", "exit 100")
        #expect(try scripts.run("tools/setup --yes <&-").status == 100)
        #expect(try scripts.calls().count == 3)
    }

    /// A password that nobody can type.
    @Test(arguments: ["tools/setup --yes <&-", "echo | CI=1 script -qec 'tools/setup --yes' /dev/null"])
    func sudoThatWantsAPassword_saysWhatToDo(_ command: String) throws {
        try scripts.fake("sudo", "[ $1 != -n ] || exit 1; read -r password </dev/tty")
        let result = try scripts.run(command)
        #expect(result.status == 69)
        // A terminal shows what is typed: an empty line.
        let lines = (result.output + result.errors).split(whereSeparator: \.isNewline)
        #expect(
            lines.joined(separator: "\n") == missing
                + "setup: sudo wants a password and nobody can type it; as root: apt-get install zstd")
        #expect(try scripts.calls() == ["sudo -n true"])
    }

    @Test func noSudo_saysWhatToDo() throws {
        let result = try scripts.run(
            """
            rm programs/sudo
            ln -s $(command -v bash) programs/
            PATH=$PWD/programs /usr/bin/env bash tools/setup --yes <&-
            """)
        #expect(result.status == 69)
        #expect(
            result.errors == missing
                + "setup: this needs root and there is no sudo; as root: apt-get install zstd\n")
        #expect(try scripts.calls() == [])
    }

    private let needsSwift =
        "setup: Swift 6.3 or later is needed; get it from https://www.swift.org/install/linux/\n"

    @Test(arguments: ["5.10", "6.2.9"])
    func oldSwift_isRefused(_ version: String) throws {
        try swift(version)
        let result = try scripts.run("tools/setup --yes <&-")
        #expect(result.status == 69)
        #expect(result.errors == needsSwift + "setup: found: Swift version \(version)\n")
        #expect(try scripts.calls() == [])
    }

    /// A toolchain's libraries may be among what is missing.
    @Test func swiftThatDoesNotRun_isAskedAgain() throws {
        let cannot = "swift: error while loading shared libraries: libncurses.so.6"
        try scripts.put("#!/bin/sh\necho '\(cannot)' >&2\nexit 127\n", "programs/swift")
        let result = try scripts.run("tools/setup --yes <&-")
        #expect(result.status == 69)
        #expect(result.errors == missing + needsSwift + "setup: found: \(cannot)\n")
        try scripts.fake("apt-get", "printf '#!/bin/sh\\necho Swift version 6.3\\n' >programs/swift")
        #expect(try scripts.run("tools/setup --yes <&-").status == 0)
    }
}
