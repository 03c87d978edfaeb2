import Evidence
import EvidenceForge
import EvidenceFormat
import Foundation
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// `verify --page`.
@Suite struct PageCommandTests {
    private let verify = EvidenceFiles.verify

    private func prepared(
        _ forge: Forge = Forge(), _ change: (inout EvidenceBundle) -> Void = { _ in }
    ) throws -> Workplace {
        let workplace = try Workplace()
        try EvidenceFiles.prepare(workplace, forge, change)
        return workplace
    }

    private func page(_ workplace: Workplace) throws -> String {
        String(decoding: try workplace.read("page.html"), as: UTF8.self)
    }

    /// Affirmed, refused and open verdicts alike; nothing else about the command changes.
    @Test(arguments: [
        (0, EvidenceFiles.verify, "✓ affirmed"),
        (1, EvidenceFiles.verify + ["--measurement", String(repeating: "ab", count: 32)], "✗ REFUSED"),
        (2, Array(EvidenceFiles.verify.dropLast(2)), "– could not appraise"),
    ]) func everyVerdict_hasAPage(_ status: Int32, _ arguments: [String], _ words: String) throws {
        let workplace = try prepared()
        let plain = try workplace.attest(arguments)
        let result = try workplace.attest(arguments + ["--page", "page.html"])
        #expect(result.status == status && plain.status == status)
        #expect(result.output == plain.output && result.errors.isEmpty)
        #expect(try page(workplace).contains("<h1 id=\"verdict\">Verdict: \(words)</h1>"))
        #expect(try workplace.files.count == 5)
    }

    /// The page of the last appraisal is not mistaken for one of this.
    @Test func malformedEvidence_hasNoPage() throws {
        let workplace = try prepared { $0.report.removeLast() }
        let result = try workplace.attest(verify + ["--page", "page.html"])
        #expect(result.status == 65 && result.errors.contains("SICE-E0802"))
        #expect(result.lastLine == "verdict: could not appraise")
        #expect(try !workplace.files.contains("page.html"))
        try workplace.write("old".utf8, to: "page.html")
        #expect(try workplace.attest(verify + ["--page", "page.html"]).status == 65)
        #expect(try page(workplace) == "old")
        let dash = try workplace.attest(verify + ["--page", "-"])
        #expect(dash.status == 65 && dash.output.isEmpty && dash.errors.contains("SICE-E0802"))
    }

    /// What the verifier gave stands on the page, with the names that it gave; what it did not give does not.
    @Test func page_saysWhatWasCompared() throws {
        let workplace = try prepared()
        let options = ["--policy", "stand-in", "--page", "page.html"]
        #expect(try workplace.attest(verify + options).status == 0)
        let text = try page(workplace)
        for name in [
            "evidence.json", "reference.json", "enrollment.json", "challenge.json", "stand-in, built in",
        ] {
            #expect(text.contains("<code>\(name)</code>"))
        }
        #expect(!text.contains("--nonce"))
    }

    @Test func sameCommand_givesTheSamePage() throws {
        let workplace = try prepared()
        #expect(try workplace.attest(verify + ["--page", "page.html"]).status == 0)
        #expect(try workplace.attest(verify + ["--page", "again.html"]).status == 0)
        #expect(try workplace.read("page.html") == workplace.read("again.html"))
    }

    @Test func hostileName_isNoMarkup() throws {
        var forge = Forge()
        forge.claims.imageName = "<script>alert('x')</script>"
        let workplace = try prepared(forge)
        #expect(try workplace.attest(verify + ["--page", "page.html"]).status == 0)
        let text = try page(workplace)
        #expect(text.contains("&lt;script&gt;alert('x')&lt;/script&gt;") && !text.contains("<script"))
    }

    /// For a dash, and other names of standard output, the page is all that is there; the words go elsewhere.
    @Test(arguments: ["-", "/dev/stdout", "/dev/fd/1"], ["text", "json"])
    func standardOutput_getsThePage(_ name: String, _ format: String) throws {
        let workplace = try prepared()
        let options = ["--format", format]
        let words = try workplace.attest(verify + options + ["--page", "page.html"]).output
        let result = try workplace.attest(verify + options + ["--page", name])
        #expect(result.status == 0)
        #expect(try Array(result.output.utf8) == workplace.read("page.html"))
        #expect(result.errors == words)
        #expect(try !workplace.files.contains("-"))
    }

    @Test(.enabled(if: Privileges.makesDevices, "device nodes cannot be made here"))
    func device_staysOne() throws {
        let workplace = try prepared()
        let command = "$attest \(verify.joined(separator: " "))"
        let result = try workplace.shell(
            "mknod null c 1 3; \(command) --page null >words && stat -c %F null; tail -n 1 words")
        #expect(result.output == "character special file\nverdict: affirmed\n", "\(result.errors)")
        // Nothing says a verdict where the page is missing.
        let full = try workplace.shell("mknod full c 1 7; \(command) --page full; echo $?; stat -c %F full")
        #expect(full.output == "74\ncharacter special file\n", "\(full.errors)")
        #expect(full.errors.contains("SICE-E0902") && full.errors.contains("full: No space left on device"))
    }

    /// What is read must not be replaced, whatever name it goes by; nor what is printed.
    @Test(arguments: [
        ("--page evidence.json", "--evidence"), ("--page ./reference.json", "--reference"),
        ("--page link", "--challenge"), ("--page hard", "--enrollment"),
        ("--policy policy.json --page policy.json", "--policy"), ("--image image --page image", "--image"),
        ("--workload-key key --page key", "--workload-key"), ("--page printed >printed", "standard output"),
        ("--page printed >>printed", "standard output"),
    ]) func sameFile_isRefused(_ options: String, _ other: String) throws {
        let workplace = try prepared()
        for name in ["policy.json", "image", "key", "printed"] { try workplace.write("old".utf8, to: name) }
        let result = try workplace.shell(
            """
            ln -s challenge.json link; ln enrollment.json hard; cat *.json image key >before
            $attest \(verify.joined(separator: " ")) \(options); s=$?
            cat *.json image key | cmp - before || exit 1; exit $s
            """)
        #expect(result.status == 64, "\(result.output)")
        #expect(
            result.errors.contains("SICE-E0911")
                && result.errors.contains("--page and \(other) are the same file"))
    }

    /// Two streams, or a device twice, are no file that is lost.
    @Test func samePlaceThatIsNoFile_isTaken() throws {
        let workplace = try prepared()
        let result = try workplace.shell(
            """
            cat evidence.json | $attest \(verify.joined(separator: " ").replacing("evidence.json", with: "-")) \
            --page - 2>words | head -c 15; tail -n 1 words
            $attest \(verify.joined(separator: " ")) --page /dev/null >/dev/null; echo $?
            """)
        #expect(result.output == "<!DOCTYPE html>verdict: affirmed\n0\n", "\(result.errors)")
    }
}
