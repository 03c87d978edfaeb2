import Diagnostics
import Fixtures
import Foundation
import MachineRunner
import OpenSSLCrypto
import SICEABI
import StrictJSON
import Testing

/// Boots of Linux that a test needs for itself.
extension UpstreamROM {
    /// The kernel complains of nothing that it does not complain of where the same coreboot starts the same GRUB without us.
    func expectNoNewComplaints(on machine: BootedMachine.Access) async throws {
        #expect(try machine.console.run("dmesg | grep SICECOMM").status == 0)
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-plain-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let plain = try start(adding(BootedMachine.product("grub.elf"), in: folder), in: folder)
        defer { plain.stop() }
        let console = try await Console(shellIn: folder)
        #expect(try console.run("dmesg | grep SICECOMM").status == 1)
        #expect(try console.run("dmesg | grep 'ACPI: RSDP'").status == 0)
        #expect(try Set(machine.console.complaints()).subtracting(console.complaints()) == [])
    }

    /// Linux restarts the machine through the whole firmware, and then switches it off.
    func expectRestartAndPowerOff(rom: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sice-end-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let machine = try start(rom, in: folder)
        defer { machine.stop() }
        try await end(1, by: "reboot -f", saying: "reboot: Restarting system", in: folder)
        try await end(2, by: "poweroff -f", saying: "reboot: Power down", in: folder)
        machine.wait()
    }

    /// Waits for a boot's shell, in which the workload is there, and ends the boot.
    private func end(_ boot: Int, by command: String, saying: String, in folder: URL) async throws {
        let console = try await Console(shellIn: folder, payloads: boot)
        #expect(try console.run("sice list | grep -c signer").text == "1")
        console.send(command)
        try await Console.wait(in: folder) { $0.contains(saying) }
        // Not sooner: a line that was not delivered yet is lost when the connection ends.
        withExtendedLifetime(console) {}
    }

    /// A kernel with a RAM disk and a command line, which cbfstool made the ROM's own payload, starts after the manager; it
    /// knows what is reserved, and the manager answers it.
    func expectLinuxPayload() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sice-linux-payload-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let line = "console=ttyS0 panic=-1 sice.test=payload"
        let options = ["-c", "none", "-I", BootedMachine.product("tests/payload.initrd"), "-C", line]
        let plain = try adding(BootedMachine.product("kernel/vmlinuz"), options, in: folder)
        let machine = try start(flash(plain, in: folder), in: folder)
        defer { machine.stop() }
        let console = try await Console(shellIn: folder, payloads: 1)
        #expect(try console.run("cat /proc/cmdline").text == line)
        try console.expectReserved([0x3_0000, 0x4_FFFF, 0x7C00_0000, 0x7FFF_FFFF])
        let pool = try console.run("/tests/nonsense pool")
        #expect(pool.status == 0 && (1...0x4000).contains(Int(pool.text) ?? 0), "\(pool.text)")
    }

    /// Where coreboot locked SMRAM for itself, Linux starts and nobody answers: `sice` has no manager to ask, and the TPM's
    /// registers are not those of any boot with one.
    func expectLinuxWithoutManager() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "sice-locked-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rom = try adding(BootedMachine.product("payload.elf"), in: folder)
        try add(["add", "-n", "sice/manager", "-t", "raw"], "manager.bin", to: rom, in: folder)
        try add(["add-payload", "-n", "sice/next"], "grub.elf", to: rom, in: folder)
        let machine = try start(rom, in: folder)
        defer { machine.stop() }
        let console = try await Console(shellIn: folder)
        let nonce = String(repeating: "ab", count: 32)
        let report = "report 256 --nonce \(nonce) --output /tmp/r"
        for command in ["list", "create /images/signer.image", report] {
            let answer = try console.run("sice \(command)")
            #expect(answer.text.contains("error: \(ErrorCode.noCommunicationArea.name):"), "\(answer.text)")
            #expect(answer.status == 69)
        }
        let zeros = [UInt8](repeating: 0, count: 32)
        let spoilt = SHA256.hash(zeros + SHA256.hash(Array("\(BootMeasurement.noManager)".utf8)))
        for pcr in [BootMeasurement.codePCR, BootMeasurement.configurationPCR] {
            let shown = try console.run("cat /sys/class/tpm/tpm0/pcr-sha256/\(pcr)")
            #expect(shown.text.lowercased() == Hex.encode(spoilt))
        }
    }

    private func add(_ arguments: [String], _ product: String, to rom: String, in folder: URL) throws {
        let command = [rom] + arguments + ["-f", BootedMachine.product(product)]
        let result = try Tool("cbfstool", command, in: folder)
        try #require(result.status == 0, "\(result.errors)")
    }

    private func start(_ rom: String, in folder: URL) throws -> VirtualMachine {
        var configuration = MachineConfiguration(rom: rom, folder: folder.path)
        configuration.disk = BootedMachine.product("tests/legacy-host.iso")
        configuration.restarts = true
        return try VirtualMachine(configuration)
    }
}

extension Console {
    /// Waits until the shell shows its prompt, after so many starts of our payload that locked SMRAM: on a machine without
    /// a manager nothing else tells.
    fileprivate convenience init(shellIn folder: URL, payloads: Int = 0) async throws {
        try await Self.wait(in: folder) { said in
            let boots = said.components(separatedBy: "sice: SMRAM is locked\r\n")
            guard boots.count == payloads + 1 else { return false }
            // busybox before 1.37 and since.
            return ["\n/ # ", "\n~ # "].contains { boots[payloads].contains($0) }
        }
        try self.init(socket: folder.appending(path: FileName.console).path)
    }

    /// Waits for what a machine says. The log is complete only while nobody is connected, or reads what comes.
    fileprivate static func wait(in folder: URL, until isThere: (String) -> Bool) async throws {
        let log = folder.appending(path: FileName.consoleLog)
        var said = ""
        for _ in 0..<1200 {
            said = (try? String(decoding: Data(contentsOf: log), as: UTF8.self)) ?? ""
            if isThere(said) { return }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw Failure.noAnswer(String(said.suffix(2000)))
    }
}
