import Diagnostics
import EvidenceFormat
import Fixtures
import SICEABI
import Soaking
import Testing

/// A soak finds what is wrong, at once: one that finds nothing proves nothing.
@Suite struct SoakLieTests {
    static let ends: [Lie] = [
        .end("an error where there must be none") { command, seen in
            guard seen.status == 0, command != nil else { return false }
            (seen.status, seen.output) = (69, ToolError(.coreBusy).message)
            return true
        },
        .end("success where there must be an error") { _, seen in
            guard seen.status != 0 else { return false }
            seen.status = 0
            return true
        },
        .end("another error") { _, seen in
            let text = seen.output.replacing("error: SICE-E0112:", with: "error: SICE-E0113:")
            guard text != seen.output else { return false }
            seen.output = text
            return true
        },
        .end("another exit status") { _, seen in
            guard seen.status != 0 else { return false }
            seen.status += 1
            return true
        },
        .end("one digit of an answer") { command, seen in
            guard case .call = command, seen.status == 0 else { return false }
            seen.output = (seen.output.hasPrefix("0") ? "1" : "0") + seen.output.dropFirst()
            return true
        },
        .end("no identifier") { command, seen in
            guard case .create = command, seen.status == 0 else { return false }
            seen.output = ""
            return true
        },
    ]

    static let states: [Lie] = [
        .state("dead while it is alive", .runnable, .dead),
        .state("alive while it is dead", .dead, .runnable),
        .state("without a core while it has one", .running, .runnable),
        .state("running while it is not", .runnable, .running),
        Lie("mode") { _, seen in
            let index = seen.environments.firstIndex { $0.mode == .multiCore && $0.state == .running }
            index.map { seen.environments[$0].mode = .timeSharing }
            return index != nil
        } isFound: {
            if case .mode = $0 { true } else { false }
        },
    ]

    static let pages: [Lie] = [
        Lie("a page is lost") { _, seen in
            seen.freePages -= 1
            return true
        } isFound: {
            if case .pages(let found, let expected) = $0 { found == expected - 1 } else { false }
        },
        Lie("a page is there twice") { _, seen in
            seen.freePages += 1
            return true
        } isFound: {
            if case .pages(let found, let expected) = $0 { found == expected + 1 } else { false }
        },
        Lie("a page is lost when all are free") { _, seen in
            guard seen.environments.isEmpty else { return false }
            seen.freePages -= 1
            return true
        } isFound: {
            if case .pages = $0 { true } else { false }
        },
        .change("a page changes hands") { seen in
            seen.environments[0].pages += 1
            seen.freePages -= 1
            return true
        },
        .change("another measurement") { seen in
            seen.environments[0].measurement[0] ^= 1
            return true
        },
        .change("another name") { seen in
            seen.environments[0].name = "other"
            return true
        },
    ]

    static let lists: [Lie] = [
        Lie("somebody is missing") { _, seen in
            guard let last = seen.environments.popLast() else { return false }
            seen.freePages += last.pages
            return true
        } isFound: {
            guard case .identifiers(let found, let expected) = $0 else { return false }
            return found.count == expected.count - 1
        },
        Lie("somebody else is there") { _, seen in
            guard var stranger = seen.environments.last, seen.status == 0 else { return false }
            stranger.identifier += 1
            seen.environments.append(stranger)
            return true
        } isFound: {
            guard case .identifiers(let found, let expected) = $0 else { return false }
            return found.count == expected.count + 1
        },
    ]

    @Test(arguments: [ends, states, pages, lists].joined())
    func lie_isFoundAtOnce(_ lie: Lie) throws {
        var soak = try Soak(LyingHost(lie), SeededRandom(seed: 3), cores: 4, mostGuests: 3)
        let failure = #expect(throws: SoakFailure.self) {
            for _ in 0..<300 { try soak.takeStep() }
            try soak.finish()
        }
        #expect(soak.host.hasLied && soak.host.later == 0)
        let found = try #require(failure)
        #expect(lie.isFound(found.problem), "\(found)")
        #expect(found.seed == 3 && found.step == soak.step && found.command != nil)
    }

    /// A host that falls silent.
    @Test func silence_isFound() throws {
        struct SilentHost: SoakHost {
            var host = SimulatedHost()
            var commands = 0
            mutating func perform(_ command: SoakCommand?) throws -> SoakObservation {
                commands += 1
                if commands > 5 { throw ToolError(.machineTimedOut, "host") }
                return host.perform(command)
            }
        }
        var soak = try Soak(SilentHost(), SeededRandom(seed: 3), cores: 4, mostGuests: 3)
        let failure = #expect(throws: SoakFailure.self) { for _ in 0..<9 { try soak.takeStep() } }
        guard case .unreadable(let text) = failure?.problem else { throw try #require(failure) }
        #expect(text.contains("machineTimedOut"))
    }
}
