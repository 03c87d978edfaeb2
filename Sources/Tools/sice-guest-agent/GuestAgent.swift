internal import CTunnel
internal import Diagnostics
internal import Glibc
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage
internal import WindowNetwork
internal import WindowTunnel

/// In a Linux guest: connects its kernel to the network in a window, through a TUN interface. Runs from an initial RAM disk:
/// no Foundation, no shared libraries.
///
/// Two processes, one a direction, so that each only waits for one thing. Neither believes the host anything: see
/// `WindowNetwork`. When one ends, so does the other, and the guest goes on without a network.
@main
struct GuestAgent {
    static let usage = """
        usage: sice-guest-agent SIZE@ADDRESS | --version
        Connects this Linux guest to the network in the window at ADDRESS, both hexadecimal (0x81000@0x80000000).
        """
    static let interface = "sice0"
    /// The host's bell is the second serial port's ring indicator.
    static let bell = "/dev/ttyS1"

    static func main() {
        let answers = ["-h": usage, "--help": usage, "--version": ToolVersion.current]
        if CommandLine.arguments.count == 2, let answer = answers[CommandLine.arguments[1]] {
            return finish { () throws(ToolError) in try StandardStreams.result(answer) }
        }
        StandardStreams.outliveReader()
        guard CommandLine.arguments.count == 2, let place = WindowPlace(CommandLine.arguments[1]) else {
            StandardStreams.message(usage)
            exit(ErrorCode.usage.description.exitStatus)
        }
        finish { () throws(ToolError) in try connect(place) }
    }

    private static func finish(_ work: () throws(ToolError) -> Void) {
        do throws(ToolError) { try work() } catch {
            StandardStreams.message("sice-guest-agent: " + error.message)
            exit(error.exitStatus)
        }
    }

    /// Returns in two processes, when the network has ended.
    private static func connect(_ place: WindowPlace) throws(ToolError) {
        let window: MappedWindow
        do throws(Errno) {
            let device = try OpenFile(MappedMemory.device, .readWrite)
            let memory = try MappedMemory(device, offset: place.address, size: place.size)
            window = MappedWindow(memory, at: 0, size: place.size)
        } catch { throw ToolError(.permissionDenied, "\(MappedMemory.device): \(error)") }
        let network = try toolError { () throws(ErrorCode) in try NetworkEnd(guestIn: window) }
        let tunnel = try toolError { () throws(ErrorCode) in
            try Tunnel(interface, for: network, in: window)
        }
        let bell = FileDescriptor(rawValue: unsafe sice_bell_open(Self.bell))
        guard bell.rawValue >= 0 else {
            throw ToolError(.tunnelFailed, "\(Self.bell): \(String(systemError: errno))")
        }
        let lookout: MappedWindow
        do throws(Errno) {
            lookout = MappedWindow(try MappedMemory(sharedSize: 4), at: 0, size: 4)
        } catch { throw ToolError(.internalFailure, "\(error)") }
        StandardStreams.message("sice-guest-agent: \(interface) is up")
        let receiver = fork()
        guard receiver >= 0 else { throw ToolError(.internalFailure, String(systemError: errno)) }
        var direction = Direction(
            network: network, tunnel: tunnel, window: window, lookout: lookout)
        do throws(ErrorCode) {
            if receiver == 0 { try direction.receive(bell) } else { try direction.send() }
        } catch {
            network.end(error, in: window)
            kill(receiver == 0 ? getppid() : receiver, SIGTERM)
            throw ToolError(error)
        }
    }

    private static func toolError<Value>(
        _ body: () throws(ErrorCode) -> Value
    ) throws(ToolError) -> Value {
        do throws(ErrorCode) { return try body() } catch { throw ToolError(error) }
    }
}

/// `SIZE@ADDRESS`, as the kernel's command line has it.
struct WindowPlace: Equatable {
    let size: Int
    let address: UInt64

    init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.hasPrefix("0x") }),
            let size = Int(parts[0].dropFirst(2), radix: 16), size > 0,
            let address = UInt64(parts[1].dropFirst(2), radix: 16)
        else { return nil }
        self.size = size
        self.address = address
    }
}
