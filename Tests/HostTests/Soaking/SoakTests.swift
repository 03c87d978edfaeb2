import EvidenceFormat
import Fixtures
import SICEABI
import Testing

@testable import Soaking

@Suite struct SoakTests {
    /// Soaks a host until its end.
    private func soak(
        _ host: some SoakHost, _ settings: SoakSettings
    ) throws(SoakFailure) -> [SoakExpectation: Int] {
        var soak = try Soak(host, SeededRandom(seed: settings.seed), cores: 4, mostGuests: 3)
        for _ in 0..<settings.steps { try soak.takeStep() }
        try soak.finish()
        #expect(soak.model.identifiers.isEmpty)
        return soak.ends
    }

    @Test(arguments: 1...20)
    func hostThatIsRight_isFoundRight(_ seed: UInt64) throws {
        let settings = try #require(
            SoakSettings(environment: ["SICE_SEED": "\(seed)", "SICE_SOAK_STEPS": "500"]))
        _ = try soak(SimulatedHost(), settings)
    }

    /// The steps that the machine takes leave nothing out.
    @Test func standardSteps_endInEachWay() throws {
        let ends = try soak(SimulatedHost(), .standard)
        let errors: [ErrorCode] = [
            .wrongState, .noSuchEnvironment, .environmentBusy, .noSuchCore, .imageTooLarge,
            .windowNotDeclared, .guestNotServed,
        ]
        #expect(Set(ends.keys) == Set([.success, .identifier, .answer("")] + errors.map { .error($0) }))
    }

    /// The same seed asks for the same things.
    @Test func seed_givesTheSteps() throws {
        func commands(_ seed: UInt64) throws -> [SoakCommand?] {
            var soak = try Soak(Recorder(), SeededRandom(seed: seed), cores: 4, mostGuests: 3)
            for _ in 0..<50 { try soak.takeStep() }
            return soak.host.commands
        }
        #expect(try commands(1) == commands(1))
        #expect(try commands(1) != commands(2))
    }

    /// Who was there before is left alone, and must be left alone by the host.
    @Test func bystanders_stayAsTheyAre() throws {
        struct InhabitedHost: SoakHost {
            var host = SimulatedHost()
            let bystander: UInt32
            /// From when on it gets a page of the pool's.
            let change: Int
            var looks = 0
            init(change: Int) {
                self.change = change
                bystander = UInt32(host.perform(.create(.checksum)).output) ?? 0
            }
            mutating func perform(_ command: SoakCommand?) -> SoakObservation {
                var seen = host.perform(command)
                looks += 1
                guard looks > change else { return seen }
                for index in seen.environments.indices where seen.environments[index].identifier == bystander
                {
                    seen.environments[index].pages += 1
                    seen.freePages -= 1
                }
                return seen
            }
        }
        _ = try soak(InhabitedHost(change: .max), .standard)
        let failure = #expect(throws: SoakFailure.self) { try soak(InhabitedHost(change: 20), .standard) }
        #expect(failure?.problem == .bystander(257))
    }

    @Test func settings_areNumbers() {
        #expect(SoakSettings(environment: [:]) == .standard)
        let settings = SoakSettings(environment: ["SICE_SEED": "7", "SICE_SOAK_STEPS": "9"])
        #expect(settings?.seed == 7 && settings?.steps == 9)
        for steps in ["", "x", "0", "-1"] {
            #expect(SoakSettings(environment: ["SICE_SOAK_STEPS": steps]) == nil)
        }
        #expect(SoakSettings(environment: ["SICE_SEED": "x"]) == nil)
    }

    @Test func failure_saysHowToRepeatIt() {
        let failure = SoakFailure(
            seed: 7, step: 3, command: .move(257, core: 1), problem: .pages(9, expected: 10))
        #expect(
            failure.description
                == "soak: SICE_SEED=7, step 3 (sice move 257 --mode multi-core --core 1): "
                + "pages(9, expected: 10)")
    }
}

/// Remembers what it was asked for.
struct Recorder: SoakHost {
    private var host = SimulatedHost()
    private(set) var commands: [SoakCommand?] = []

    mutating func perform(_ command: SoakCommand?) -> SoakObservation {
        commands.append(command)
        return host.perform(command)
    }
}
