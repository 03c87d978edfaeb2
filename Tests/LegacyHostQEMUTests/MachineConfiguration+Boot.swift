import Foundation
import MachineRunner
import Testing

extension MachineConfiguration {
    /// A machine whose legacy host answers. Where it does not come so far, the failure holds the last that its console and QEMU
    /// said: a test's folder goes with the test.
    func boot() async throws -> VirtualMachine {
        do {
            do { return try await start() } catch  where log(FileName.machineLog).contains(Self.ownFault) {
                print("QEMU ended itself while the machine booted: \(Self.ownFault); once more")
                return try await start()
            }
        } catch {
            for name in [FileName.consoleLog, FileName.machineLog] {
                Issue.record("\(name) ends with:\n\(log(name).suffix(4000))")
            }
            throw error
        }
    }

    /// QEMU 10 looks a page up in a memory map that another core replaces in that moment, finds it out, and aborts. It says
    /// nothing of what runs in the machine.
    private static let ownFault = "iotlb_to_section: Assertion"

    private func start() async throws -> VirtualMachine {
        let machine = try VirtualMachine(self)
        do { try await machine.waitUntilReady() } catch {
            machine.stop()
            throw error
        }
        return machine
    }

    private func log(_ name: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .isoLatin1)) ?? "nothing: it is not there"
    }
}
