public import Diagnostics
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

/// A CPU of this Linux, which can be taken away from it and given back (Linux: CPU hot-plug).
public struct HostCore: Equatable, Sendable {
    /// Linux's number.
    public let number: Int
    /// Local APIC identifier, which firmware knows it by.
    public let apicIdentifier: UInt32
    private let folder: String

    /// Looks the CPU up. Throws `noSuchCore` when it is not there or not online: Linux does not show the identifier
    /// of one that is offline.
    public init(
        _ number: Int, cpuinfo: String = "/proc/cpuinfo", folder: String = "/sys/devices/system/cpu"
    ) throws(ToolError) {
        let bytes = try InputFile.read(cpuinfo, limit: 1 << 20)
        guard let identifier = Self.apicIdentifier(of: number, in: String(decoding: bytes, as: UTF8.self))
        else {
            throw ToolError(.noSuchCore, "CPU \(number) is not online")
        }
        self.number = number
        apicIdentifier = identifier
        self.folder = folder
    }

    /// A CPU that an earlier process took offline.
    public init(offline number: Int, apicIdentifier: UInt32, folder: String = "/sys/devices/system/cpu") {
        self.number = number
        self.apicIdentifier = apicIdentifier
        self.folder = folder
    }

    /// The identifier that `/proc/cpuinfo` gives for a CPU.
    static func apicIdentifier(of number: Int, in text: String) -> UInt32? {
        var current: Int?
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard let key = parts.first?.split(whereSeparator: { $0 == " " || $0 == "\t" }).first else {
                continue
            }
            let value = parts.last?.split(separator: " ").first.map(String.init) ?? ""
            if key == "processor" { current = Int(value) }
            if key == "apicid", current == number { return UInt32(value) }
        }
        return nil
    }

    /// Moves everything that Linux runs there elsewhere and halts the CPU. Throws `coreNotMoved`: CPU 0, and the last
    /// one, cannot go.
    public func takeOffline() throws(ToolError) { try set("0") }

    /// Gives the CPU back to Linux.
    public func bringOnline() throws(ToolError) { try set("1") }

    /// Whether Linux uses the CPU.
    static func isOnline(_ number: Int, folder: String = "/sys/devices/system/cpu") -> Bool {
        let text = try? InputFile.read("\(folder)/cpu\(number)/online", limit: 16)
        return text?.first == UInt8(ascii: "1")
    }

    private func set(_ value: String) throws(ToolError) {
        let path = "\(folder)/cpu\(number)/online"
        do throws(Errno) {
            try OpenFile(path, .writeOnly).writeWhole(Array(value.utf8))
        } catch { throw ToolError(.coreNotMoved, "\(path): \(error)") }
    }
}
