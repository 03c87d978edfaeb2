import Evidence
import EvidenceForge
import EvidenceFormat
import Fixtures
import Foundation
import StrictJSON
import Testing

/// Where commands write, and what is there afterwards.
@Suite struct OutputTests {
    private static let build = "$attest build --manifest tiny.json --out"

    /// A folder with what `build` needs, and what it makes as `expected`.
    private func prepared() throws -> Workplace {
        let workplace = try TinyProgram.prepared()
        #expect(try workplace.shell("\(OutputTests.build) expected").status == 0)
        return workplace
    }

    @Test(.enabled(if: Privileges.makesDevices, "device nodes cannot be made here"))
    func device_staysOne() throws {
        let workplace = try prepared()
        try workplace.write(SampleROM.bootable.bytes, to: "rom")
        try workplace.write(Forge().bundle().json.text.utf8, to: "evidence.json")
        let commands = [
            "\(OutputTests.build) null", "$attest reference --rom rom --out null",
            "mkdir parts && mknod parts/report.cose c 1 3 && $attest export --evidence evidence.json --out parts",
        ]
        for command in commands {
            let result = try workplace.shell(
                "rm -f null; mknod null c 1 3; \(command) && stat -c %F,%t:%T null")
            #expect(result.status == 0, "\(command): \(result.errors)")
            #expect(result.lastLine == "character special file,1:3")
        }
        #expect(try workplace.shell("stat -c %F parts/report.cose").output == "character special file\n")
        let full = try workplace.shell(
            "mknod full c 1 7; \(OutputTests.build) full; s=$?; stat -c %F full; exit $s")
        #expect(full.status == 74 && full.output == "character special file\n")
        #expect(full.errors.contains("SICE-E0902") && full.errors.contains("full: No space left on device"))
    }

    /// A name of standard output is written through it, also when it is a file that others have written to; what the command
    /// says goes to standard error then.
    @Test(arguments: ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "link"])
    func standardOutput_getsTheBytes(_ name: String) throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            """
            ln -s /dev/stdout link; $attest measure expected >said
            \(OutputTests.build) \(name) 2>words | cmp - expected || exit 1
            cmp said words || exit 2
            (printf head; \(OutputTests.build) \(name) 2>/dev/null) >file
            (printf head; cat expected) | cmp - file
            """)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(try !workplace.files.contains("-"))
    }

    @Test func pipe_getsTheBytesAndStaysOne() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "mkfifo pipe; cat pipe >file & \(OutputTests.build) pipe && wait && cmp file expected && test -p pipe"
        )
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test(arguments: ["000": "666", "002": "664", "022": "644", "077": "600"])
    func newFile_hasWhatTheUmaskLeaves(_ umask: String, _ mode: String) throws {
        let workplace = try prepared()
        let result = try workplace.shell("umask \(umask); \(OutputTests.build) new && stat -c %a new")
        #expect(result.lastLine == mode)
    }

    @Test(arguments: ["600", "640", "664"]) func replacedFile_keepsItsMode(_ mode: String) throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "echo old >file; chmod \(mode) file; \(OutputTests.build) file && cmp file expected && stat -c %a file"
        )
        #expect(result.lastLine == mode)
    }

    @Test(.enabled(if: Privileges.isRoot, "only root can give files away"))
    func replacedFile_keepsItsOwner() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "echo old >file; chown 65534:65533 file; \(OutputTests.build) file && stat -c %u:%g file")
        #expect(result.lastLine == "65534:65533")
    }

    /// Renaming needs no permission to write a file; to replace it does.
    @Test(.enabled(if: Privileges.isRoot, "only root can become somebody else"))
    func protectedFile_isNotReplaced() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            """
            chmod 777 .; echo old >file; chown 65534 file; chmod 444 file; cp $attest tool
            setpriv --reuid 65534 --clear-groups ./tool build --manifest tiny.json --out file; s=$?; cat file; exit $s
            """)
        #expect(result.status == 74 && result.output == "old\n", "\(result.errors)")
        #expect(result.errors.contains("file: Permission denied"))
    }

    /// The link stays, and what it leads to is replaced; a link to nothing is no place to write to.
    @Test func link_isFollowed() throws {
        let workplace = try prepared()
        let followed = try workplace.shell(
            """
            mkdir folder; echo old >folder/target; chmod 600 folder/target; ln -s folder/target one; ln -s one two
            \(OutputTests.build) two && cmp folder/target expected && test -L one && test -L two && stat -c %a folder/target
            """)
        #expect(followed.lastLine == "600", "\(followed.errors)")
        for link in ["none", "loop"] {
            let result = try workplace.shell(
                "ln -s \(link) loop; ln -s none dangling; \(OutputTests.build) \(link == "none" ? "dangling" : "loop")"
            )
            #expect(result.status == 74 && result.errors.contains("SICE-E0902"))
        }
        #expect(try !workplace.files.contains("none"))
    }

    /// In a folder that everybody may write to, a link that somebody else put there is not followed.
    @Test(.enabled(if: Privileges.isRoot, "only root can make another user's link"))
    func linkOfAStranger_isNotFollowed() throws {
        let workplace = try prepared()
        let rule = try workplace.shell("cat /proc/sys/fs/protected_symlinks").output
        let result = try workplace.shell(
            """
            echo old >target; mkdir -m 1777 shared; ln -s $PWD/target shared/link; chown -h 65534 shared/link
            \(OutputTests.build) shared/link; s=$?; cmp -s target expected && echo replaced; exit $s
            """)
        // The machine's administrator says whether this rule holds.
        if rule == "1\n" {
            #expect(result.status == 74 && !result.output.contains("replaced"))
        } else {
            #expect(result.status == 0 && result.output.contains("replaced"))
        }
    }

    @Test func help_saysWhatHappensToLinks() throws {
        for tool in ["attest", "sice"] {
            let words = try prepared().shell("$\(tool) --help").output.split(whereSeparator: \.isWhitespace)
            let help = words.joined(separator: " ")
            #expect(help.contains("A file named - is standard input or output"))
            #expect(help.contains("An output that is a link is followed"))
            #expect(help.contains("A device or pipe is written where it is."))
        }
    }

    /// Another name of the same file keeps the old bytes.
    @Test func hardLink_keepsTheOldBytes() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "echo old >file; ln file other; \(OutputTests.build) file && cmp file expected && cat other")
        #expect(result.lastLine == "old")
    }

    /// The temporary name is no longer than any other.
    @Test func longName_works() throws {
        let name = String(repeating: "n", count: 255)
        let workplace = try prepared()
        #expect(try workplace.shell("\(OutputTests.build) \(name)").status == 0)
        #expect(try workplace.read(name) == workplace.read("expected"))
    }

    /// Neither of them ends the program before it can clean up; a file that was there is as it was.
    @Test func limitOfFileSize_exits74AndLeavesTheOldFile() throws {
        let workplace = try prepared()
        let before = try workplace.files
        let result = try workplace.shell("ulimit -f 4; \(OutputTests.build) tiny.elf")
        #expect(result.status == 74 && result.errors.contains("tiny.elf: File too large"), "\(result.errors)")
        #expect(try workplace.files == before)
        #expect(try workplace.shell("\(OutputTests.build) again && cmp again expected").status == 0)
    }

    @Test(.enabled(if: Privileges.mounts, "nothing can be mounted here"))
    func fullDisk_exits74AndLeavesNothing() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            """
            mkdir disk; unshare -m bash -c 'mount -t tmpfs -o size=16k none disk && \(OutputTests.build) disk/file
            s=$?; ls -A disk; exit $s'
            """.replacing("$attest", with: Workplace.program("sice-attest").path))
        #expect(result.status == 74 && result.output.isEmpty)
        #expect(result.errors.contains("disk/file: No space left on device"), "\(result.errors)")
    }

    /// A closed stream is no reason to write words into the file that is opened next.
    @Test func closedStreams_areNotFiles() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            "\(OutputTests.build) file <&- >&- 2>&-; s=$?; cmp file expected; exit $s")
        #expect(result.status == 74 && result.output.isEmpty)
    }
}
