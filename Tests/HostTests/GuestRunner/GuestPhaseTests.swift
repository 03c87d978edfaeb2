import ManagerAccess
import SICEABI
import Testing

@testable import GuestRunner

/// Every phase with every event.
@Suite struct GuestPhaseTests {
    private typealias Turn = GuestPhase.Turn

    private static let exits: [Character: EnvironmentExit] = [
        "i": .hostInterrupt, "w": .portWrite(port: 0x61, width: 1, value: 7),
        "r": .portRead(port: 0x60, width: 1), "c": .crashed(code: CrashCode.shutdown, address: 0),
    ]

    /// `.` the guest's turn; a capital: the host's, with that exit; else unseen exits, the oldest first.
    private static func turn(_ text: Substring) -> Turn? {
        if text == "-" { return nil }
        let exits = text.lowercased().compactMap { Self.exits[$0] }
        guard let first = exits.first else { return .guest }
        return text.first!.isUppercase ? .host(first) : .unseen(exits)
    }

    private static let places: [Substring] = ["paused", "shared", "arriving", "own"]

    private static func phase(_ place: Substring, _ turn: Turn) -> GuestPhase? {
        switch place {
        case "paused": .paused(turn)
        case "shared": .shared(turn)
        case "arriving": .arriving(3, turn)
        case "own": .own(3, turn)
        default: nil
        }
    }

    /// Of each event: its places, from each of the four, and its turns, from each of the six; `-` where it cannot happen.
    private static let table: [(event: GuestPhase.Event, places: String, turns: String)] = [
        //                      paused   shared   arriving own      .  W  R  w  r  wr
        (.exited(exits["i"]!), "-        shared   own      own", "  .  .  .  -  -  -"),
        (.exited(exits["w"]!), "-        shared   own      own", "  W  W  W  -  -  -"),
        (.exited(exits["r"]!), "-        shared   own      own", "  R  R  R  -  -  -"),
        (.exited(exits["c"]!), "-        shared   own      own", "  C  C  C  -  -  -"),
        (.delivered, "          paused   shared   arriving own", "  -  -  -  .  R  r"),
        (.left(nil), "          -        -        paused   paused", ".  W  R  w  r  wr"),
        (.left(exits["w"]!), "  -        -        paused   paused", "w  W  w  ww rw wrw"),
        (.left(exits["r"]!), "  -        -        paused   paused", "r  r  R  wr rr wrr"),
        (.left(exits["c"]!), "  -        -        paused   paused", "c  c  c  wc rc wrc"),
        (.pause, "              paused   paused   -        -", "    .  W  R  w  r  wr"),
        (.share, "              shared   shared   -        -", "    .  W  R  w  r  wr"),
        (.launched(3), "        arriving arriving -        -", "    .  W  R  w  r  wr"),
        (.arrived(nil), "       -        -        own      -", "    .  .  .  w  .  w"),
        (.arrived(exits["w"]!), "-       -        own      -", "    .  .  .  w  .  w"),
        (.arrived(exits["r"]!), "-       -        own      -", "    .  .  R  w  .  w"),
        (.arrived(exits["c"]!), "-       -        own      -", "    .  .  .  w  .  w"),
    ]

    @Test func phases_followTheTable() throws {
        let turns: [Substring] = [".", "W", "R", "w", "r", "wr"]
        for row in Self.table {
            let (places, after) = (row.places.split(separator: " "), row.turns.split(separator: " "))
            try #require(places.count == 4 && after.count == 6)
            for (from, to) in zip(Self.places, places) {
                for (turn, next) in zip(turns, after) {
                    let expected = Self.turn(next).flatMap { Self.phase(to, $0) }
                    let now = try #require(Self.turn(turn).flatMap { Self.phase(from, $0) })
                    #expect(now.next(row.event) == expected, "\(row.event) of \(now)")
                }
            }
        }
    }

    /// An end that nobody was told of is no rest.
    @Test func pause_isOverWhenAnEndIsToBeTold() throws {
        for turn: Substring in [".", "R", "w", "r", "wr", "W"] {
            #expect(GuestPhase.paused(try #require(Self.turn(turn))).isPaused)
        }
        for turn: Substring in ["c", "wc"] {
            #expect(!GuestPhase.paused(try #require(Self.turn(turn))).isPaused)
        }
        for place in Self.places.dropFirst() {
            #expect(try !#require(Self.phase(place, .guest)).isPaused)
        }
    }

    @Test func interrupts_followTheTable() {
        let held = InterruptInFlight.held(0x30)
        // Given to a guest that is not entered.
        #expect(InterruptInFlight.none.holding(nil) == .none)
        #expect(InterruptInFlight.none.holding(0x30) == held)
        #expect(InterruptInFlight.pending.holding(nil) == .pending && held.holding(nil) == held)
        // Given to one that is.
        for (state, given, vector, after) in [
            (InterruptInFlight.none, nil, nil, InterruptInFlight.none), (.none, 0x31, 0x31, .pending),
            (.pending, nil, nil, .pending), (held, nil, 0x30, .pending),
        ] as [(InterruptInFlight, UInt8?, UInt8?, InterruptInFlight)] {
            let delivery = state.delivering(given)
            #expect(delivery.vector == vector && delivery.after == after)
        }
        // As the guest has it then.
        #expect(InterruptInFlight.pending.observed(pending: false) == .none)
        #expect(InterruptInFlight.none.observed(pending: true) == .pending)
        #expect(held.observed(pending: false) == held)
        #expect(!InterruptInFlight.none.isPending && InterruptInFlight.pending.isPending && held.isPending)
    }
}
