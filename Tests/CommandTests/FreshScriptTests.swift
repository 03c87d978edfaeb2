import Foundation
import Testing

/// `ci/fresh` with programs in place of those that install Debian and mount.
@Suite struct FreshScriptTests {
    private let scripts: ScriptPlace

    init() throws {
        scripts = try ScriptPlace("ci/fresh")
        try scripts.fake("id", "echo 0")
        try scripts.put("#!/bin/sh\n", "toolchain/usr/bin/swift")
        try scripts.fake(
            "chroot", "case $2 in getent) echo builder:x:1000:1000::/home/builder:/bin/sh ;; esac")
        try scripts.fake(
            "apt-get",
            "case $* in *Label:\\ Debian) echo http://archive.test/debian/; echo http://other.test/ ;; esac")
        try scripts.fake("apt-config", "echo 'Acquire::http::Proxy \"p\";'; echo 'Dir \"/\";'")
        // It stands for namespaces: a command there says what the clone has, and ends as a file says.
        try scripts.fake(
            "unshare",
            #"""
            case $2 in
                debootstrap)
                    shift 4
                    mkdir -p "$2"/etc/apt/apt.conf.d "$2"/etc/sudoers.d "$2"/bin
                    echo "VERSION_CODENAME=$1" >"$2"/etc/os-release ;;
                *) root=$(echo sice-fresh.*/root)
                    cat "$root"/home/builder/sice/tracked "$root"/etc/gitconfig "$root"/etc/apt/*.list "$root"/etc/apt/apt.conf.d/*
                    exit $(cat status) ;;
            esac
            """#)
        try scripts.fake("debootstrap")
        try scripts.put("what is committed\n", "tracked")
        try scripts.put("0", "status")
        let made = try scripts.run(
            """
            git init -q . && git add ci tracked && git -c user.name=n -c user.email=e commit -qm c
            git config url./packages/.insteadOf https://packages.test/
            echo what is not >tracked
            """)
        try #require(made.status == 0, "\(made.errors)")
    }

    private func run(_ arguments: String) throws -> Workplace.Result {
        try scripts.run(
            """
            export TMPDIR=$PWD GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
            PATH=$PWD/toolchain/usr/bin:$PATH; unset DEBIAN_MIRROR DEBIAN_SECURITY_MIRROR
            ci/fresh \(arguments)
            """)
    }

    private func roots() throws -> [String] { try scripts.place.files.filter { $0.hasPrefix("sice-fresh.") } }

    @Test func commands_runOnAFreshDebianWithTheCloneAndThePackages() throws {
        let result = try run("13")
        #expect(result.status == 0, "\(result.errors)")
        let seen = """
            what is committed
            [url "/packages/"]
            \tinsteadof = https://packages.test/
            [safe]
            \tdirectory = *
            deb http://archive.test/debian/ trixie main
            deb http://archive.test/debian/ trixie-updates main
            deb http://deb.debian.org/debian-security trixie-security main
            Acquire::http::Proxy "p";

            """
        #expect(result.output.hasPrefix(seen + seen), "\(result.output)")
        #expect(result.errors == "ci/fresh: Debian 13: tools/demo\nci/fresh: Debian 13: ci/test\n")
        let calls = try scripts.calls()
        #expect(
            calls.contains { $0.contains(" trixie ") && $0.hasSuffix("/root http://archive.test/debian/") })
        for command in ["tools/demo", "ci/test"] {
            let ending = " \(scripts.place.folder)/toolchain /packages/ -- \(command)"
            #expect(calls.count { $0.hasSuffix(ending) } == 1)
        }
        #expect(try roots() == [])
    }

    @Test(arguments: [("--only demo 12", "tools/demo"), ("--only test 12", "ci/test")])
    func only_runsOne(_ arguments: String, _ command: String) throws {
        #expect(try run(arguments).errors == "ci/fresh: Debian 12: \(command)\n")
        #expect(try scripts.calls().contains { $0.hasPrefix("unshare") && $0.contains(" bookworm ") })
    }

    /// What fails is told, ends the rest, and leaves nothing; unless it is asked for.
    @Test func failedCommand_fails() throws {
        try scripts.put("7", "status")
        let result = try run("13")
        #expect(result.status == 7)
        #expect(
            result.errors == "ci/fresh: Debian 13: tools/demo\nci/fresh: Debian 13: tools/demo failed\n")
        #expect(try roots() == [])
        #expect(try run("--keep 13").status == 7)
        #expect(try roots().count == 1)
    }

    /// A root that was kept has what was committed since, and stays; nothing is installed in it again.
    @Test func keptRoot_goesOn() throws {
        #expect(try run("--keep --only demo 13").status == 0)
        let root = try #require(try roots().first) + "/root"
        let changed =
            "echo newer >tracked; git -c user.name=n -c user.email=e commit -qam newer; echo no >tracked"
        #expect(try scripts.run(changed).status == 0)
        let result = try run("--only test --in \(root) 13")
        #expect(
            result.status == 0 && result.output.hasPrefix("newer\n[url"), "\(result.output) \(result.errors)")
        #expect(result.output.components(separatedBy: "insteadof").count == 2, "\(result.output)")
        let kept = "\(scripts.place.folder)/\(root)"
        #expect(result.errors == "ci/fresh: Debian 13: ci/test\nci/fresh: kept \(kept)\n")
        #expect(try scripts.calls().count { $0.contains("debootstrap") } == 1)
        let other = try run("--in \(root) 12")
        #expect(other.status == 64 && other.errors == "ci/fresh: \(root) is no root folder of Debian 12\n")
        #expect(try roots().count == 1)
    }

    @Test(arguments: [
        ("", "which Debian: 12 or 13"), ("14", "unknown argument 14"),
        ("--only all 12", "--only demo or --only test"),
        ("12 --only", "--only demo or --only test"), ("12 13", "one Debian at a time"),
        ("--in nowhere 13", "nowhere is no root folder of Debian 13"),
    ])
    func reject_whatItDoesNotKnow(_ arguments: String, _ message: String) throws {
        let result = try run(arguments)
        #expect(result.status == 64)
        #expect(result.errors == "ci/fresh: \(message)\n")
    }

    @Test func reject_otherThanRoot() throws {
        try scripts.fake("id", "echo 1000")
        let result = try run("13")
        #expect(result.status == 69)
        #expect(result.errors == "ci/fresh: it mounts and makes a root folder; run it as root\n")
        #expect(try roots() == [])
    }
}
