internal import Diagnostics
internal import LinuxSystem
internal import SICEABI

/// Where a machine that is to be verified answers, taken apart by one strict reader: what it does not understand is refused
/// with the reason, and is never sent to somebody else than the person meant.
struct TargetAddress: Equatable, Sendable {
    /// A name, an IPv4 address, or an IPv6 address without its brackets.
    let host: String
    let port: UInt16
    /// What comes before the service's own paths; without a slash at its end.
    let path: String
    /// The value of the Host field.
    let authority: String

    /// Throws `usage`.
    init(_ url: String) throws(ToolError) {
        do throws(Refusal) {
            guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Refusal("it holds a blank or a character that no URL has")
            }
            let rest = try TargetAddress.withoutScheme(url)
            let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
            path = try TargetAddress.path(rest[end...])
            (host, port, authority) = try TargetAddress.place(rest[..<end])
        } catch { throw ToolError(.usage, "\(url): \(error.reason)") }
    }

    private struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func withoutScheme(_ url: String) throws(Refusal) -> Substring {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else {
            throw Refusal("an address begins with http://")
        }
        // RFC 3986, 3.1: in either case.
        let scheme = url[..<colon].lowercased()
        guard scheme == "http" else {
            throw Refusal(
                scheme == "https"
                    ? "`siced` speaks http; what it says is proven by signatures. Reach it through a tunnel"
                    : "an address begins with http://")
        }
        return url[colon...].dropFirst(3)
    }

    private static func path(_ text: Substring) throws(Refusal) -> String {
        // The service's paths are put behind this one, and would become a part of the query.
        guard !text.contains("?") else { throw Refusal("an address has no query") }
        guard !text.contains("#") else { throw Refusal("an address has no fragment") }
        guard text.allSatisfy({ $0.isLetter || $0.isNumber || "-._~!$&'()*+,;=:@%/".contains($0) }) else {
            throw Refusal("its path holds a character that must be written as %xx")
        }
        var path = text
        while path.last == "/" { path.removeLast() }
        return String(path)
    }

    private static func place(
        _ text: Substring
    ) throws(Refusal) -> (host: String, port: UInt16, authority: String) {
        // They would go to whoever answers; and `http://machine@elsewhere` looks like a machine that it is not.
        guard !text.contains("@") else { throw Refusal("a user's name has no place in it") }
        let isBracketed = text.hasPrefix("[")
        guard isBracketed || text.count(where: { $0 == ":" }) < 2 else {
            throw Refusal("an IPv6 address stands in brackets")
        }
        let end =
            isBracketed
            ? text.firstIndex(of: "]").map(text.index(after:)) ?? text.endIndex
            : text.firstIndex(of: ":") ?? text.endIndex
        let host = try isBracketed ? sixthVersion(text[..<end]) : name(text[..<end])
        let number = try port(text[end...])
        let shown = isBracketed ? "[\(host.prefix { $0 != "%" })]" : host
        return (host, number, number == 80 ? shown : "\(shown):\(number)")
    }

    private static func name(_ text: Substring) throws(Refusal) -> String {
        guard !text.isEmpty else { throw Refusal("it names no host") }
        guard text.utf8.count <= 253,
            text.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) })
        else { throw Refusal("\(text) is no host's name or address") }
        return String(text)
    }

    /// RFC 3986, 3.2.2; RFC 6874 for the zone, without which an address of one link leads nowhere.
    private static func sixthVersion(_ text: Substring) throws(Refusal) -> String {
        var inside = text.dropFirst()
        guard inside.popLast() == "]" else { throw Refusal("a bracket is not closed") }
        let zone = inside.firstIndex(of: "%") ?? inside.endIndex
        let (address, name) = (String(inside[..<zone]), inside[zone...].dropFirst(3))
        guard SocketAddress(numeric: address, port: 0)?.isIPv6 == true else {
            throw Refusal("\(address) is no IPv6 address")
        }
        guard zone < inside.endIndex else { return address }
        guard inside[zone...].hasPrefix("%25"), !name.isEmpty,
            name.allSatisfy({ $0.isLetter || $0.isNumber || "-._~".contains($0) })
        else { throw Refusal("a zone is written as %25 and the interface's name") }
        return "\(address)%\(name)"
    }

    private static func port(_ text: Substring) throws(Refusal) -> UInt16 {
        guard !text.isEmpty else { return 80 }
        guard text.hasPrefix(":") else { throw Refusal("after the bracket comes the port or nothing") }
        let digits = text.dropFirst()
        guard !digits.isEmpty else { return 80 }
        guard digits.allSatisfy(\.isNumber), let port = UInt16(digits), port > 0 else {
            throw Refusal("a port is a number from 1 to 65535")
        }
        return port
    }
}
