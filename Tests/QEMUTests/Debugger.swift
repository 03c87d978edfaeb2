import Foundation
import Glibc

/// A client of QEMU's debugger port (the GDB remote serial protocol), as far as injecting a fault needs it.
final class Debugger {
    /// General registers by their number in the protocol.
    enum Register: Int {
        case rdi = 5
        case rsp = 7
        case rip = 16
    }

    private let connection: FileHandle
    private var received = Data()

    /// Connects to a machine that waits for a debugger.
    private init(socket path: String) throws {
        connection = try Self.connect(path)
        // Without this exchange QEMU takes no single registers.
        _ = try ask("qSupported:xmlRegisters=i386")
        _ = try ask("qXfer:features:read:target.xml:0,fff")
    }

    /// Does something with a machine that waits for a debugger. The machine ends when that fails: stopped as it is, it
    /// would be waited for in vain.
    static func attach(to socket: String, _ body: (Debugger) throws -> Void) throws {
        let debugger = try Debugger(socket: socket)
        do { try body(debugger) } catch {
            try? debugger.kill()
            throw error
        }
    }

    /// Lets the machine run until its next instruction would be the one at `address`.
    func run(to address: UInt64) throws {
        try expectOK("Z1,\(String(address, radix: 16)),1")
        try resume("c")
        try expectOK("z1,\(String(address, radix: 16)),1")
    }

    /// The registers of the core that stopped, in the protocol's order.
    func registers() throws -> [UInt64] {
        let digits = Array(try ask("g"))
        return stride(from: 0, to: 17 * 16, by: 16).map { start in
            (0..<8).reduce(0) { value, byte in
                let text = String(digits[(start + byte * 2)..<(start + byte * 2 + 2)])
                return value | (UInt64(text, radix: 16) ?? 0) << UInt64(byte * 8)
            }
        }
    }

    func set(_ register: Register, to value: UInt64) throws {
        let bytes = (0..<8).map { index in
            let byte = value >> UInt64(index * 8) & 0xFF
            return byte < 16 ? "0" + String(byte, radix: 16) : String(byte, radix: 16)
        }
        try expectOK("P\(String(register.rawValue, radix: 16))=\(bytes.joined())")
    }

    /// Memory as the stopped core sees it, at most 2 KiB.
    func read(_ count: Int, at address: UInt64) throws -> [UInt8] {
        let digits = Array(try ask("m\(String(address, radix: 16)),\(String(count, radix: 16))"))
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...($0 + 1)]), radix: 16)
        }
        guard bytes.count == count else { throw HarnessError.failed("read", String(digits)) }
        return bytes
    }

    /// Changes memory, flash included.
    func write(_ bytes: [UInt8], at address: UInt64) throws {
        let place = "\(String(address, radix: 16)),\(String(bytes.count, radix: 16))"
        try expectOK("M\(place):\(hexadecimal(bytes))")
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }

    /// Gives QEMU's monitor a command.
    func monitor(_ command: String) throws {
        var answer = try ask("qRcmd,\(hexadecimal(Array(command.utf8)))")
        // What the monitor prints comes first.
        while answer.hasPrefix("O"), answer != "OK" { answer = try packet() }
        guard answer == "OK" else { throw HarnessError.failed(command, answer) }
    }

    /// Ends the machine.
    func kill() throws { try send("k") }

    /// Lets the machine run on without a debugger.
    func detach() throws {
        try send("D")
        _ = try? packet()
    }

    // MARK: Protocol

    private func expectOK(_ request: String) throws {
        let answer = try ask(request)
        guard answer == "OK" else { throw HarnessError.failed(request, answer) }
    }

    private func ask(_ request: String) throws -> String {
        try send(request)
        return try packet()
    }

    /// Lets the machine go on and waits until it stops again.
    private func resume(_ request: String) throws {
        try send(request)
        let answer = try packet()
        guard answer.hasPrefix("T05") else { throw HarnessError.failed(request, answer) }
    }

    private func send(_ text: String) throws {
        let sum = text.utf8.reduce(UInt8(0)) { $0 &+ $1 }
        let digits = (sum < 16 ? "0" : "") + String(sum, radix: 16)
        try connection.write(contentsOf: Data("$\(text)#\(digits)".utf8))
    }

    /// The next packet; acknowledgements are skipped.
    private func packet() throws -> String {
        while true {
            if let start = received.firstIndex(of: UInt8(ascii: "$")),
                let end = received[start...].firstIndex(of: UInt8(ascii: "#")), received.endIndex > end + 2
            {
                let text = String(decoding: received[(start + 1)..<end], as: UTF8.self)
                received = Data(received[(end + 3)...])
                try connection.write(contentsOf: Data("+".utf8))
                return text
            }
            let more = connection.availableData
            guard !more.isEmpty else { throw HarnessError.failed("debugger", "the machine ended") }
            received += more
        }
    }

    private static func connect(_ path: String) throws -> FileHandle {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard path.utf8.count < room else { throw HarnessError.failed("socket", "path too long: \(path)") }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            unsafe bytes.copyBytes(from: path.utf8)
        }
        // The machine needs a moment to listen.
        for _ in 0..<600 {
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let size = socklen_t(MemoryLayout<sockaddr_un>.size)
            let result = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe Glibc.connect(descriptor, pointer, size)
                }
            }
            if result == 0 { return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true) }
            close(descriptor)
            usleep(100_000)
        }
        throw HarnessError.failed("socket", path)
    }
}
