internal import CFirmware
internal import CMachine
internal import CorebootFormats
internal import Firmware

extension Console {
    fileprivate func writeVersion() {
        var index: UInt32 = 0
        while sice_version_character(index) != 0 {
            write(byte: sice_version_character(index))
            index &+= 1
        }
    }
}

/// First Swift code, in long mode on the payload's own stack, descriptors and page tables.
@c(sice_firmware_main)
public func firmwareMain(_ tableAddress: UInt64) {
    Console.main.start()
    Console.main.write("sice: payload ")
    Console.main.writeVersion()
    Console.main.endLine()
    var isStandIn = false
    do {
        let table = try FirmwareTable(at: tableAddress)
        isStandIn = table.parsed.isStandIn
        if Chipset.isLocked { try UnprotectedStart.run(table) }
        var boot = try Boot(table)
        try boot.run()
    } catch {
        Console.main.line(error)
    }
    // Under the stand-in ROM there is nobody to read the screen: end the emulator, if it lets us.
    if isStandIn { sice_exit(1) }
    sice_halt()
}
