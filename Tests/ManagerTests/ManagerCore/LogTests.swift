import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// A decoded run-time log entry.
struct Entry {
    let bytes: [UInt8]
    func integer(_ offset: Int, _ size: Int) -> UInt64 {
        (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64($1 * 8) }
    }
    var sequence: UInt64 { integer(LogEntryLayout.sequence, 8) }
    var event: UInt16 { UInt16(integer(LogEntryLayout.event, 2)) }
    var error: UInt16 { UInt16(integer(LogEntryLayout.error, 2)) }
    var environment: UInt64 { integer(LogEntryLayout.environment, 4) }
    var detail0: UInt64 { integer(LogEntryLayout.detail0, 8) }
    var detail1: UInt64 { integer(LogEntryLayout.detail1, 8) }
    var digest: [UInt8] { Array(bytes[LogEntryLayout.digest...]) }
}

/// The kept entries, read as the host reads them.
func logEvents(_ s: Simulation) throws(ErrorCode) -> [Entry] {
    let place = Simulation.Place.output + 0x8000
    let bounds = try s.call(.logBase, rcx: place)
    var entries: [Entry] = []
    for index in bounds.rbx..<bounds.rcx {
        try s.call(.readLog, rcx: index, rdx: place)
        entries.append(Entry(bytes: s.read(place, LogEntryLayout.size)))
    }
    return entries
}

@Suite struct LogTests {
    typealias Place = Simulation.Place

    @Test func logTellsTheStory() throws {
        let s = try Simulation()
        let image = SampleImage()
        let id = try s.launch(image)
        let digest = sha256(try image.file())
        _ = try s.call(.run, rcx: id, exits: [.yield(1)])
        _ = try s.call(.run, rcx: id, exits: [.end(9)])
        try s.destroy(id)
        let crasher = try s.launch(image)
        _ = try s.call(
            .run, rcx: crasher, exits: [SimulatedExit(GuestExit(.exception, code: 6, address: 77))])
        let entries = try logEvents(s)
        let events: [LogEvent] = [.boot, .sealed, .started, .exited, .destroyed, .sealed, .started, .crashed]
        #expect(entries.map(\.event) == events.map(\.rawValue))
        #expect(entries.map(\.sequence) == Array(0..<8))
        #expect(entries[0].digest == MachineLayout.managerDigest)
        #expect(entries[1...].allSatisfy { $0.digest == digest })
        #expect(entries[1...4].allSatisfy { $0.environment == id })
        #expect(entries[3].detail0 == 9)
        #expect(entries[7].detail0 == 6 && entries[7].detail1 == 77 && entries[7].environment == crasher)
    }

    @Test func refusalsThatLookLikeAttacksAreLogged() throws {
        let s = try Simulation()
        let attempts: [(Command, UInt64, ErrorCode)] = [
            (.create, MachineLayout.smramBase, .addressInSMRAM), (.create, ~0xFFF, .addressWraps),
            (.reportKey, 0xFEE0_0000, .addressOutsideRAM), (.lock, 0, .bootCommandClosed),
            (.create, Place.image, .imageBadMagic),
        ]
        for (command, address, error) in attempts {
            #expect(throws: error) { try s.call(command, rcx: address) }
        }
        // Slips are not.
        #expect(throws: ErrorCode.noSuchEnvironment) { try s.call(.run, rcx: 5) }
        #expect(throws: ErrorCode.addressMisaligned) { try s.call(.create, rcx: Place.image + 1) }
        let entries = try logEvents(s).dropFirst()
        #expect(entries.map(\.error) == attempts.map(\.2.rawValue))
        #expect(entries.map(\.detail0) == attempts.map(\.0.rawValue))
        #expect(entries.allSatisfy { $0.event == LogEvent.refused.rawValue })
    }

    @Test func chainLeadsFromBaseToHead() throws {
        let s = try Simulation(poolPages: 40)
        for round in 0..<300 {
            let base = try s.call(.logBase, rcx: Place.output + 0x9000)
            #expect(base.rcx == UInt64(round + 1))
            #expect(base.rbx == UInt64(max(0, round + 1 - ABI.logCapacity)))
            var chain = s.read(Place.output + 0x9000, 32)
            if round < ABI.logCapacity { #expect(chain == [UInt8](repeating: 0, count: 32)) }
            if round % 37 == 0 || round > 290 {
                for entry in try logEvents(s) { chain = sha256(chain + entry.bytes) }
                #expect(chain == s.manager.logHeadBytes)
            }
            #expect(throws: ErrorCode.bootCommandClosed) { try s.call(.lock) }
        }
    }

    @Test func reject_entriesThatAreNotThere() throws {
        let s = try Simulation(poolPages: 40)
        #expect(throws: ErrorCode.invalidArgument) { try s.call(.readLog, rcx: 1, rdx: Place.output) }
        #expect(throws: ErrorCode.invalidArgument) { try s.call(.readLog, rcx: .max, rdx: Place.output) }
        for _ in 0..<ABI.logCapacity { #expect(throws: ErrorCode.bootCommandClosed) { try s.call(.lock) } }
        #expect(throws: ErrorCode.logEntryGone) { try s.call(.readLog, rcx: 0, rdx: Place.output) }
        #expect(try s.call(.readLog, rcx: 1, rdx: Place.output).rbx == UInt64(ABI.logCapacity + 1))
    }

    @Test(arguments: [Command.readLog, .status, .logBase, .reportKey])
    func reject_outputAddress(_ command: Command) throws {
        let s = try Simulation()
        _ = try s.launch()
        let cases: [(UInt64, ErrorCode)] = [
            (MachineLayout.poolBase, .addressInSMRAM), (MachineLayout.smramBase - 1, .addressInSMRAM),
            (.max - 3, .addressWraps), (0x1F_FFF0, .addressOutsideRAM),
        ]
        for (address, error) in cases {
            let usesRCX = command == .logBase || command == .reportKey
            #expect(throws: error) { try s.call(command, rcx: usesRCX ? address : 0, rdx: address) }
        }
    }

    @Test func reject_statusOfSlotsThatDoNotExist() throws {
        let s = try Simulation()
        for slot: UInt64 in [16, 255, .max] {
            #expect(throws: ErrorCode.invalidArgument) { try s.call(.status, rcx: slot, rdx: Place.output) }
        }
        // An empty slot writes nothing, so its address is not looked at.
        #expect(try s.call(.status, rcx: 3, rdx: 0).rbx == 0)
    }
}
