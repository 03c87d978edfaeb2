import Foundation
import Testing

/// Chromium without a window, in a folder of its own.
struct Browser {
    static let condition = "needs Chromium: tools/setup --tests, or its path in SICE_CHROMIUM"

    private static let program: String? = {
        let environment = ProcessInfo.processInfo.environment
        if let named = environment["SICE_CHROMIUM"] { return named }
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        let paths = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
            folders.map { "\($0)/\(name)" }
        }
        return paths.first(where: FileManager.default.isExecutableFile)
    }()

    static var isThere: Bool { program != nil }

    /// Looks at a page through a frame of this width, and writes down what it sees: the page itself runs no programs.
    private static func frame(width: Int) -> String {
        """
        <!DOCTYPE html><iframe id="frame" src="page.html" style="border:0;width:\(width)px;height:800px"></iframe>
        <pre id="seen"></pre><script>
        onload = () => {
          const page = document.getElementById("frame").contentDocument, root = page.documentElement;
          const seen = {
            title: page.title, heading: page.querySelector("h1").innerText,
            headings: page.querySelectorAll("h1").length, scripts: page.scripts.length,
            images: page.images.length, scrollWidth: root.scrollWidth,
            name: page.querySelector("header dd code").innerText,
            row: frames[0].getComputedStyle(page.querySelector("tbody tr")).display,
            checks: page.querySelectorAll("tr[id^=check-]").length,
            protections: page.querySelectorAll("tr[id^=protection-]").length,
          };
          const text = Object.entries(seen).map(([key, value]) => encodeURIComponent(key + "=" + value)).join(" ");
          document.getElementById("seen").textContent = "seen: " + text + " .";
        };
        </script>
        """
    }

    func look(at page: [UInt8], width: Int) throws -> [String: String] {
        let frame = Self.frame(width: width)
        let output = try run(page, frame, ["--allow-file-access-from-files", "--dump-dom"]) { _, output in
            output
        }
        let text = String(decoding: output, as: UTF8.self)
        let seen = try #require(
            text.firstMatch(of: /<pre id="seen">seen: ([^<]*) \.<\/pre>/)?.output.1, "\(text)")
        let pairs = seen.split(separator: " ").compactMap { $0.removingPercentEncoding }.map {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), String(parts[1]))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The page as PDF.
    func print(_ page: [UInt8]) throws -> [UInt8] {
        try run(page, nil, ["--no-pdf-header-footer", "--print-to-pdf=page.pdf"]) { folder, _ in
            [UInt8](try Data(contentsOf: folder.appending(path: "page.pdf")))
        }
    }

    private func run<Result>(
        _ page: [UInt8], _ frame: String?, _ options: [String], _ result: (URL, Data) throws -> Result
    ) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sice-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(page).write(to: folder.appending(path: "page.html"))
        try frame?.write(to: folder.appending(path: "frame.html"), atomically: false, encoding: .utf8)
        let process = Process()
        let output = Pipe()
        // A browser that hangs must not hold all tests.
        process.executableURL = URL(filePath: "/usr/bin/timeout")
        process.currentDirectoryURL = folder
        process.arguments =
            [
                "300", try #require(Self.program), "--headless", "--no-sandbox", "--disable-gpu",
                "--user-data-dir=\(folder.path)/profile",
            ]
            + options
            + [folder.appending(path: frame == nil ? "page.html" : "frame.html").absoluteString]
        (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try result(folder, bytes)
    }
}
