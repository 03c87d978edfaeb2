import Diagnostics
import SICEABI
import Testing

@testable import AttestClient

/// What `--url` may say, and where that leads.
@Suite struct TargetAddressTests {
    struct Case: Sendable {
        let url: String
        let host: String
        let port: UInt16
        let path: String
        let authority: String

        init(_ url: String, _ host: String, _ port: UInt16, _ path: String, _ authority: String) {
            (self.url, self.host, self.port, self.path, self.authority) = (url, host, port, path, authority)
        }
    }

    @Test(arguments: [
        Case("http://machine", "machine", 80, "", "machine"),
        Case("HTTP://Machine:80/", "Machine", 80, "", "Machine"),
        Case("hTTp://127.0.0.1:8080//", "127.0.0.1", 8080, "", "127.0.0.1:8080"),
        Case("http://m:/", "m", 80, "", "m"), Case("http://m:00081", "m", 81, "", "m:81"),
        Case("http://m/a/b//", "m", 80, "/a/b", "m"), Case("http://m/a%20b@c:d/", "m", 80, "/a%20b@c:d", "m"),
        Case("http://[::1]", "::1", 80, "", "[::1]"),
        Case("http://[::1]:65535/x", "::1", 65535, "/x", "[::1]:65535"),
        Case("http://[fe80::1%25eth0]:81", "fe80::1%eth0", 81, "", "[fe80::1]:81"),
        Case("http://my_host.lan.:8080", "my_host.lan.", 8080, "", "my_host.lan.:8080"),
    ])
    func accept(_ example: Case) throws {
        let address = try TargetAddress(example.url)
        #expect(address.host == example.host && address.port == example.port)
        #expect(address.path == example.path && address.authority == example.authority)
    }

    @Test(arguments: [
        ("", "begins with http://"), ("127.0.0.1:80", "begins with http://"),
        ("machine", "begins with http://"),
        ("ftp://127.0.0.1", "begins with http://"), ("file:///etc/passwd", "begins with http://"),
        ("http:/machine", "begins with http://"), ("httpx://m", "begins with http://"),
        ("https://m", "through a tunnel"), ("HTTPS://m", "through a tunnel"), ("http://", "names no host"),
        ("http:///x", "names no host"), ("http://:80", "names no host"), ("http://m/?a=b", "no query"),
        ("http://m?", "no query"), ("http://m/#top", "no fragment"), ("http://m#", "no fragment"),
        ("http://user@m", "a user's name"), ("http://user:word@m/", "a user's name"),
        ("http://m:80@elsewhere", "a user's name"), ("http://m:0", "a number from 1 to 65535"),
        ("http://m:65536", "a number from 1 to 65535"), ("http://m:-1", "a number from 1 to 65535"),
        ("http://m:+80", "a number from 1 to 65535"), ("http://m:http", "a number from 1 to 65535"),
        ("http://::1", "stands in brackets"), ("http://fe80::1:80", "stands in brackets"),
        ("http://[::1", "not closed"), ("http://[::1]80", "comes the port"),
        ("http://[1.2.3.4]", "no IPv6 address"),
        ("http://[]", "no IPv6 address"), ("http://[::1%25]", "written as %25"),
        ("http://[::1%eth0]", "written as %25"), ("http://a b", "a blank"), ("http://m/a b", "a blank"),
        ("http://m/\r\nX: y", "a blank"), ("http://m\u{0}", "a blank"), ("http://\u{212A}elvin", "a blank"),
        ("http://m%41", "no host's name"), ("http://a,b", "no host's name"),
        ("http://m\\n", "no host's name"),
        ("http://m/<x>", "written as %xx"), ("http://m/a|b", "written as %xx"),
    ])
    func reject(_ url: String, _ reason: String) {
        let error = #expect(throws: ToolError.self) { try TargetClient(url: url) }
        #expect(error?.code == .usage)
        #expect(error?.detail.hasPrefix("\(url): ") == true)
        #expect(error?.detail.contains(reason) == true, "\(error?.detail ?? "")")
    }
}
