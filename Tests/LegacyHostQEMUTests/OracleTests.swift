import Testing

/// What the machine says of itself against what others compute (`Oracle.swift`).
extension LegacyHostQEMUTests {
    @Test func quote_andReportAreValidForStockPrograms() async throws {
        try await machine.expectEvidenceForStockPrograms()
    }

    @Test func logAndRegisters_areThoseThatLinuxShows() async throws {
        try await machine.expectLogAndRegistersOfLinux()
    }

    @Test func registers_areWhatTheROMLeadsTo() async throws {
        try await machine.expectRegistersFromROM()
    }

    @Test(arguments: ["signer", "checksum"])
    func measurement_isTheHashOfTheFile(_ name: String) throws {
        let file = try machine.console.run("sha256sum /images/\(name).image | cut -d' ' -f1")
        let listed = try machine.console.run("sice list | awk '/ \(name) / { print $NF; exit }'")
        #expect(listed.text == file.text)
        #expect(listed.text.count == 64)
    }

    @Test func memoryMap_reservesSMRAMAndCommunicationArea() throws {
        try machine.expectReservedMemory()
    }

    @Test func kernel_hasNoComplaintAboutTheTables() throws {
        #expect(try machine.console.run("dmesg | grep SICECOMM").status == 0)
        #expect(try machine.console.complaints() == [])
    }
}
