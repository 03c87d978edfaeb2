import Diagnostics
import SICEABI
import Testing

@testable import Soaking

/// Each command to each kind of environment in each state: how it must end, and what it leaves.
@Suite struct SoakModelTests {
    /// The one that commands are for. It may have CPU 1; CPU 2 is free, CPU 3 another's.
    static let subject: UInt32 = 257
    static let commands: [SoakCommand] = [
        .run(subject, core: nil), .run(subject, core: 2), .run(subject, core: 3),
        .call(subject, input: "123456789"),
        .move(subject, core: nil), .move(subject, core: 1), .move(subject, core: 2), .move(subject, core: 3),
        .stop(subject), .destroy(subject),
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let image: SoakImage
        /// What leads to the state.
        let history: [SoakCommand]
        /// The ends of ``commands``: an error's number or `ok`, the states after it, and the CPU that it has then.
        let ends: String
    }

    static let rows = [
        Row(
            testDescription: "program", image: .bell, history: [],
            ends: "ok dead, ok dead, 112 runnable, 318 runnable, -, -, -, -, ok runnable, ok"),
        Row(
            testDescription: "program that ended", image: .steady, history: [.run(subject, core: nil)],
            ends: "102 dead, 102 dead, 112 dead, 318 dead, ok dead, 102 dead, 102 dead, 112 dead, ok dead, ok"
        ),
        Row(
            testDescription: "program that answers", image: .checksum, history: [],
            ends: "-, -, -, cbf43926 runnable, ok runnable, ok running@1, ok running@2, 112 runnable, "
                + "ok runnable, ok"),
        Row(
            testDescription: "program on a core", image: .checksum, history: [.move(subject, core: 1)],
            ends: "-, -, -, cbf43926 running@1, ok runnable, ok running@1, ok running@2, 112 runnable, "
                + "ok runnable, 106 running@1"),
        Row(
            testDescription: "guest that nobody serves", image: .small, history: [],
            ends: "-, -, -, 318 runnable, 934 runnable, 934 runnable, 934 runnable, 934 runnable, "
                + "ok runnable, ok"),
        Row(
            testDescription: "guest that gets slices", image: .small, history: [.serve(subject)],
            ends: "-, -, -, 318 runnable|running, ok runnable|running, ok running@1, ok running@2, "
                + "112 runnable|running, ok runnable, -"),
        Row(
            testDescription: "guest on a core", image: .small,
            history: [.serve(subject), .move(subject, core: 1)],
            ends: "-, -, -, 318 running@1, ok runnable|running, ok running@1, ok running@2, "
                + "112 runnable|running, ok runnable, 106 running@1"),
        Row(
            testDescription: "guest that is held", image: .small, history: [.serve(subject), .stop(subject)],
            ends: "-, -, -, 318 runnable, ok runnable|running, ok running@1, ok running@2, 112 runnable, "
                + "ok runnable, ok"),
    ]

    @Test(arguments: rows)
    func commands_endAsTheyMust(_ row: Row) {
        var model = SoakModel(mostGuests: 3)
        model.add(1, .checksum)
        #expect(model.carryOut(.move(1, core: 3)) == .success)
        #expect(model.carryOut(.create(row.image)) == .identifier)
        model.add(Self.subject, row.image)
        for command in row.history { #expect(model.carryOut(command) == .success) }
        for (command, end) in zip(Self.commands, row.ends.split(separator: ", ")) where end != "-" {
            var model = model
            let expectation = model.carryOut(command)
            #expect(text(expectation, model.environments[Self.subject]) == end, "\(command)")
            #expect(model.environments[1]?.core == 3)
        }
    }

    private func text(_ end: SoakExpectation, _ environment: SoakModel.Environment?) -> String {
        let word = word(end)
        guard let environment else { return word }
        let states = environment.states.map(\.name).sorted().joined(separator: "|")
        return "\(word) \(states)" + (environment.core.map { "@\($0)" } ?? "")
    }

    private func word(_ end: SoakExpectation) -> String {
        switch end {
        case .success: "ok"
        case .identifier: "identifier"
        case .answer(let answer): answer
        case .error(let code): "\(code.rawValue)"
        }
    }

    @Test(arguments: commands) func nobody_isNotThere(_ command: SoakCommand) {
        var model = SoakModel(mostGuests: 3)
        #expect(model.carryOut(command) == .error(.noSuchEnvironment))
        #expect(model == SoakModel(mostGuests: 3))
    }

    @Test func guests_haveRoomForSoMany() {
        var model = SoakModel(mostGuests: 2)
        for identifier in 1...2 as ClosedRange<UInt32> {
            #expect(model.carryOut(.create(.small)) == .identifier)
            model.add(identifier, .small)
        }
        #expect(model.carryOut(.create(.small)) == .error(.imageTooLarge))
        #expect(model.carryOut(.create(.checksum)) == .identifier)
        #expect(model.carryOut(.destroy(1)) == .success)
        #expect(model.carryOut(.create(.small)) == .identifier)
    }
}
