import Foundation
import RootStorage
import SICEABI
import SoftwareTPM
import TPM2
import Testing

/// What the legacy host can do to the root after the boot, and what stock programs say of it.
@Suite(.serialized, .enabled(if: SoftwareTPM.isInstalled, "\(SoftwareTPM.condition)"))
struct RootHostTests {
    /// TPM2_Clear by lockout, another owner authorization, and a lockout take nothing away.
    @Test func root_outlivesWhatTheOwnerDoes() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        for command in [
            ["tpm2_clear", "-c", "l"], ["tpm2_changeauth", "-c", "o", "owner"],
            ["tpm2_changeauth", "-c", "l", "lockout"],
        ] {
            #expect(machine.run(command) != nil, "\(command)")
            let later = try machine.boot()
            #expect(later.secrets == first.secrets && !later.isFresh && !later.isHistoryLost)
        }
    }

    /// With every authorization that the host has: none reads, writes, extends, deletes or makes again.
    @Test func host_getsNothing() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        for index in 1...4 {
            let handle = "0x0140010\(index)"
            for hierarchy in ["o", "p", handle] {
                #expect(machine.run(["tpm2_nvread", handle, "-C", hierarchy]) == nil)
                #expect(machine.run(["tpm2_nvundefine", handle, "-C", hierarchy]) == nil)
                #expect(
                    machine.run(["sh", "-c", "echo x | tpm2_nvwrite \(handle) -C \(hierarchy) -i -"]) == nil)
            }
            #expect(
                machine.run(["tpm2_nvdefine", handle, "-C", "o", "-s", "32", "-a", "ownerread|ownerwrite"])
                    == nil)
        }
        #expect(machine.run(["sh", "-c", "echo x | tpm2_nvextend 0x01400103 -C o -i -"]) == nil)
        #expect(try machine.boot().secrets == first.secrets)
    }

    /// The public areas, and their Names, as tpm2-tools prints them.
    @Test func stockPrograms_seeTheSameNames() throws {
        let machine = try RootMachine()
        _ = try machine.boot()
        let text = try #require(machine.run(["tpm2_nvreadpublic"]))
        let set = RootIndexSet(0)
        for area in [set.policies.0, set.policies.1, set.history] {
            #expect(text.contains("name: 000b\(hexadecimal(bytes(area.name)))"))
        }
        var locked = set.root
        locked.attributes |= NVAttributes.readLocked
        #expect(text.contains("name: 000b\(hexadecimal(bytes(locked.name)))"))
        for value in ["0xF2082801", "0x62050404", "0x62040044"] { #expect(text.contains(value), "\(value)") }
    }

    /// tpm2-tools satisfy the policy as we do, and read what we read.
    @Test func stockPrograms_openTheRootWithItsPolicy() throws {
        let machine = try RootMachine()
        let first = try machine.boot()
        try machine.measure()
        let set = RootIndexSet(0)
        for (name, branch) in [("b0", set.branches.0), ("b1", set.branches.1)] {
            try Data(bytes(branch)).write(to: URL(fileURLWithPath: "\(machine.tpm.folder)/\(name)"))
        }
        for command in [
            "tpm2_startauthsession -S s --policy-session", "tpm2_policypcr -S s -l sha256:0,2,4,5",
            "tpm2_policyauthorizenv -S s -C p 0x01400102", "tpm2_policyor -S s -l sha256:b0,b1",
            "tpm2_nvread 0x01400101 -C 0x01400101 -P session:s -o contents",
        ] {
            #expect(machine.run(command.split(separator: " ").map(String.init)) != nil, "\(command)")
        }
        let contents = try Data(contentsOf: URL(fileURLWithPath: "\(machine.tpm.folder)/contents"))
        #expect([UInt8](contents) == first.secrets)
    }
}

extension RootMachine {
    /// Runs one of tpm2-tools on this machine's TPM; its output, nil when it failed.
    func run(_ command: [String]) -> String? { tpm.runTool(command) }
}
