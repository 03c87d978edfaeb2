import Diagnostics
import Foundation
import Testing

@Suite struct ShellWordTests {
    @Test(arguments: [
        "", "plain/path_1.txt", "a b", "it's", "$HOME", "a\nb", "`id`", "#", "*", "ä", "'", "-n", "a\\",
    ])
    func shell_readsTheWordBack(_ word: String) throws {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "printf %s \(word.shellWord)"]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(String(decoding: output, as: UTF8.self) == word)
    }

    @Test func plainWords_stayReadable() { #expect("/var/lib/machine-1".shellWord == "/var/lib/machine-1") }
}
