import Foundation
import MachineRunner
import Testing

extension MachineConfiguration {
    /// A machine whose legacy host answers. Where it does not come so far, the failure holds the last that its console and QEMU
    /// said: a test's folder goes with the test.
    func boot() async throws -> VirtualMachine {
        let machine = try VirtualMachine(self)
        do { try await machine.waitUntilReady() } catch {
            machine.stop()
            for name in [FileName.consoleLog, FileName.machineLog] {
                let log = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .isoLatin1)
                Issue.record("\(name) ends with:\n\(log?.suffix(4000) ?? "nothing: it is not there")")
            }
            throw error
        }
        return machine
    }
}
