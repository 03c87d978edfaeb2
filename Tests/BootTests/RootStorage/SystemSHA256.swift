import Foundation

/// The system's SHA-256, which shares no line with ours.
enum SystemSHA256 {
    private static let program = "/usr/bin/sha256sum"
    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Hash of the bytes of hexadecimal digits, as digits.
    static func hash(_ digits: String) throws -> String {
        let (process, input, output) = (Process(), Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: program)
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(digits.hex))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return String(text.prefix(64))
    }
}
