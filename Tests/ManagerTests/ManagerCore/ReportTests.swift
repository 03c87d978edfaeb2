import GuestPolicy
import ManagerCore
import SICEABI
import Simulation
import Testing

/// A minimal CBOR encoder of its own: the expected bytes do not come from the code under test.
enum Item {
    case uint(UInt64)
    case int(Int64)
    case bytes([UInt8])
    case text(String)
    case map([(Item, Item)])
    case array([Item])
    case tag(UInt64, [Item])

    var encoded: [UInt8] {
        switch self {
        case .uint(let value): Self.head(0, value)
        case .int(let value): value >= 0 ? Self.head(0, UInt64(value)) : Self.head(1, UInt64(-1 - value))
        case .bytes(let value): Self.head(2, UInt64(value.count)) + value
        case .text(let value): Self.head(3, UInt64(value.utf8.count)) + Array(value.utf8)
        case .array(let items): Self.head(4, UInt64(items.count)) + items.flatMap(\.encoded)
        case .map(let pairs):
            Self.head(5, UInt64(pairs.count)) + pairs.flatMap { $0.0.encoded + $0.1.encoded }
        case .tag(let tag, let items): Self.head(6, tag) + items.flatMap(\.encoded)
        }
    }

    static func head(_ type: UInt8, _ value: UInt64) -> [UInt8] {
        let size = value < 24 ? 0 : value < 256 ? 1 : value < 65536 ? 2 : value < 1 << 32 ? 4 : 8
        let first = [UInt8(0), 24, 25, 0, 26, 0, 0, 0, 27][size]
        guard size > 0 else { return [type << 5 | UInt8(value)] }
        return [type << 5 | first]
            + (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
    }
}

@Suite struct ReportTests {
    typealias Place = Simulation.Place

    func report(_ s: Simulation, _ id: UInt64, nonce: [UInt8]) throws -> [UInt8] {
        s.write(nonce, at: Place.nonce)
        let length = try s.call(.report, rcx: id, rdx: Place.nonce, rsi: Place.output, rdi: 2048).rbx
        return s.read(Place.output, Int(length))
    }

    @Test func reportSaysExactlyThis() throws {
        let s = try Simulation(
            flags: HandoffFlags.measuredBoot | HandoffFlags.standInROM | HandoffFlags.platformHierarchyClosed)
        let image = SampleImage()
        let id = try s.launch(image)
        let data: [(GuestRegister, UInt64)] = [
            (.rbx, 1), (.rcx, 2), (.rdx, 3), (.rsi, 4), (.rdi, 5), (.r8, 6), (.r9, 7),
            (.r10, 0x0807_0605_0403_0201),
        ]
        let set = SimulatedExit.service(.setWorkloadData, Dictionary(uniqueKeysWithValues: data))
        _ = try s.call(.run, rcx: id, exits: [set, .yield(0)])
        let nonce = (0..<32).map { UInt8($0 + 100) }
        let bytes = try report(s, id, nonce: nonce)

        let workloadData = data.flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word.1 >> UInt64($0 * 8)) }
        }
        let postures: [UInt64] = [1, 1, 1, 2, 1, 2, 2, 2, 2, 2, 1, 1, 1, 0, 2, 2, 2, 2, 2, 2, 2, 0]
        let claims = Item.map([
            (.int(10), .bytes(nonce)), (.int(263), .uint(2)), (.int(265), .text("tag:sice,2026:report/1")),
            (.int(-70001), .bytes(sha256(try image.file()))), (.int(-70002), .uint(id)),
            (.int(-70003), .uint(1)), (.int(-70004), .uint(UInt64(LifecycleState.runnable.rawValue))),
            (.int(-70005), .bytes(workloadData)), (.int(-70006), .bytes(MachineLayout.managerDigest)),
            (.int(-70007), .text("1.2.3")),
            (.int(-70008), .map(claimMap(postures))),
            (.int(-70009), .bytes(s.manager.logHeadBytes)), (.int(-70010), .uint(3)),
            (.int(-70011), .text("sample")), (.int(-70012), .bytes(s.manager.bootBytes)),
        ]).encoded
        let header: [UInt8] = [0xA1, 0x01, 0x26]
        let signed = Item.array([.text("Signature1"), .bytes(header), .bytes([]), .bytes(claims)]).encoded
        let digest = sha256(signed)
        let signature = (0..<64).map { digest[$0 % 32] ^ UInt8($0) }
        try s.call(.reportKey, rcx: Place.output + 4096)
        let identifier = sha256(s.read(Place.output + 4096, 65))
        let expected = Item.tag(
            18,
            [
                .array([
                    .bytes(header), .map([(.uint(4), .bytes(identifier))]), .bytes(claims), .bytes(signature),
                ])
            ]
        ).encoded
        #expect(bytes == expected)
        #expect(bytes.count <= ABI.maximumReportSize)
    }

    /// The values of all claims, in the order of their numbers.
    private func claimMap(_ values: [UInt64]) -> [(Item, Item)] {
        let claims = (0..<UInt8(PostureClaim.count)).filter { PostureClaim(rawValue: $0) != nil }
        precondition(claims.count == values.count)
        return zip(claims, values).map { (.uint(UInt64($0)), .uint($1)) }
    }

    @Test func profileNameIsTheABIs() {
        let name = ReportClaim.profileName
        #expect(name.indices.map { name[$0] } == Array("tag:sice,2026:report/1".utf8))
    }

    /// A claim that is missing in the order would be in no report.
    @Test func order_hasEveryClaim() {
        let order = ReportClaim.order
        #expect(order.indices.map { order[$0] } == ReportClaim.allCases)
    }

    @Test func postureClaimsFollowTheHandoff() throws {
        let s = try Simulation(flags: HandoffFlags.insecureOption)
        let id = try s.launch()
        let bytes = try report(s, id, nonce: [UInt8](repeating: 0, count: 32))
        // Measured boot and closed hierarchy absent, insecure option set, a coreboot build.
        let map = Item.map(
            [1, 1, 1, 2, 1, 2, 2, 2, 2, 2, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 0].enumerated()
                .map { (.uint(UInt64($0)), .uint($1)) }
        ).encoded
        #expect(bytes.indices.contains { bytes[$0...].starts(with: map) })
    }

    /// What the payload tried is reported as it says; the machine, which says otherwise here, is not asked.
    @Test func triedClaimsFollowTheHandoff() throws {
        let tried: [PostureClaim] = [
            .initRedirected, .smmEntryLeavesGuestMode, .smmEntryFlushesTranslations, .fpuRestoreIsCoreLocal,
        ]
        let present: [PostureClaim] = [.initRedirected, .smmEntryFlushesTranslations]
        func bits(_ claims: [PostureClaim]) -> UInt32 { claims.reduce(0) { $0 | 1 << UInt32($1.rawValue) } }
        let s = try Simulation(tried: bits(tried), present: bits(present), isReady: false)
        s.machine.postures[.smmEntryLeavesGuestMode] = .present
        s.machine.postures[.firstStageProtected] = .present
        try s.call(.install, rcx: Place.output)
        try s.call(.lock)
        let bytes = try report(s, try s.launch(), nonce: [UInt8](repeating: 0, count: 32))
        let parts: [[UInt8]] = [
            [6, 2, 7, 1, 8, 2, 9, 0, 10, 1], [14, 2, 15, 1, 16, 2, 17, 2, 18, 0, 19, 2, 20, 2],
        ]
        for part in parts { #expect(bytes.indices.contains { bytes[$0...].starts(with: part) }) }
    }

    @Test func movedAPICWindowShows() throws {
        let s = try Simulation()
        let id = try s.launch()
        s.machine.postures[.apicWindowClear] = .absent
        let bytes = try report(s, id, nonce: [UInt8](repeating: 0, count: 32))
        let part: [UInt8] = [3, 2, 4, 0, 5, 2]
        #expect(bytes.indices.contains { bytes[$0...].starts(with: part) })
    }

    @Test func debugImageSaysSo() throws {
        let s = try Simulation()
        var image = SampleImage()
        image.flags = ImageFlags.debug
        let bytes = try report(s, try s.launch(image), nonce: [UInt8](repeating: 0, count: 32))
        let part = Item.int(263).encoded + [0]
        #expect(bytes.indices.contains { bytes[$0...].starts(with: part) })
    }

    @Test func reject_smallBuffer() throws {
        let s = try Simulation()
        let id = try s.launch()
        for size: UInt64 in [0, 1, 2047] {
            #expect(throws: ErrorCode.bufferTooSmall) {
                try s.call(.report, rcx: id, rdx: Place.nonce, rsi: Place.output, rdi: size)
            }
        }
    }

    @Test(
        arguments: [
            (MachineLayout.poolBase, .addressInSMRAM), (MachineLayout.smramBase - 1, .addressInSMRAM),
            (.max - 7, .addressWraps), (0x1F_FFFF, .addressOutsideRAM),
        ] as [(UInt64, ErrorCode)])
    func reject_addresses(_ address: UInt64, _ error: ErrorCode) throws {
        let s = try Simulation()
        let id = try s.launch()
        #expect(throws: error) {
            try s.call(.report, rcx: id, rdx: address, rsi: Place.output, rdi: 2048)
        }
        #expect(throws: error) {
            try s.call(.report, rcx: id, rdx: Place.nonce, rsi: address, rdi: 2048)
        }
    }

    @Test func deadEnvironmentsCanBeReportedOn() throws {
        let s = try Simulation()
        let id = try s.launch()
        _ = try s.call(.run, rcx: id, exits: [.end(0)])
        let bytes = try report(s, id, nonce: [UInt8](repeating: 7, count: 32))
        let part = Item.int(ReportClaim.state.rawValue).encoded + [LifecycleState.dead.rawValue]
        #expect(bytes.indices.contains { bytes[$0...].starts(with: part) })
    }
}
