internal import CFirmware
internal import Firmware

/// First Swift code, in long mode on the payload's own stack, descriptors and page tables.
@c(sice_firmware_main)
public func firmwareMain(_ table: UInt64) {
    Console.main.start()
    Console.main.line("payload")
    do {
        var boot = try Boot(tableAddress: table)
        try boot.run()
    } catch {
        Console.main.line(error)
    }
    sice_halt()
}
