internal import CMachine
internal import CProbe
internal import SICEABI

/// Images that are not what was measured (T03, T13).
enum LoadAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                50, .commands, "content-race", "T03",
                "a guest that runs code which its measurement does not cover, changed by another core meanwhile"
            ),
            contentRace)
        runner.attack(
            Attack(
                51, .commands, "header-race", "T03", "a name that the measurement does not cover"),
            headerRace)
        runner.attack(
            Attack(
                52, .commands, "batches", "T13",
                "pages replayed, left out or in another order, under the measurement of the image as it is"),
            batches)
        runner.attack(
            Attack(
                53, .commands, "changed-afterwards", "T13", "a page that the host changed after it was loaded"
            ),
            changedAfterwards)
        runner.attack(
            Attack(
                54, .commands, "nonce-race", "T03",
                "a report whose signature or nonce is wrong, changed by another core meanwhile"),
            nonceRace)
    }

    private static let rounds = 150
    /// The exit guest's status, which is the second byte of its code.
    private static let status: UInt64 = WorkMemory.image + ABI.pageSize + 1
    /// First letter of the name.
    private static let letter: UInt64 = WorkMemory.image + UInt64(ImageLayout.name)

    private static func image() throws(ErrorCode) -> GuestImage {
        try GuestImage(at: WorkMemory.image, entry: probe_guest_exit)
    }

    /// What an image measures as when nobody touches it.
    private static func honest(_ image: GuestImage) throws(ErrorCode) -> UInt64 {
        let environment = try Environment(image)
        let measurement = Record(of: environment.identifier)?.measurement ?? 0
        try environment.destroy()
        guard measurement != 0 else { throw .managerFault }
        return measurement
    }

    /// So many rounds of a race in which the other core wrote meanwhile: beside one that has no processor of the computer there is
    /// none. Twenty times as many are made at most.
    static func race(
        _ attempt: inout Attempt, rounds: Int, _ round: (inout Attempt) throws(ErrorCode) -> Void
    ) throws(ErrorCode) {
        var (met, made) = (0, 0)
        while met < rounds, made < 20 * rounds, !attempt.isBroken {
            let before = OtherCore.turns
            try round(&attempt)
            made += 1
            if OtherCore.turns != before { met += 1 }
        }
    }

    private static func contentRace(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let image = try image()
            let first = try honest(image)
            sice_write8(status, 0xA5)
            let second = try honest(image)
            guard OtherCore.begin(.flip, status, 0x5A | 0xA5 << 8) else { throw .noManager }
            try race(&attempt, rounds: rounds) { attempt throws(ErrorCode) in
                let environment = try Environment(image)
                let measured = Record(of: environment.identifier)?.measurement ?? 0
                let found = environment.run().registers.rcx
                attempt.expect(
                    found == 0x5A && measured == first || found == 0xA5 && measured == second, "other-code",
                    found)
                try environment.destroy()
            }
        } catch { attempt.failed("setup", error) }
        attempt.expect(OtherCore.stop() == 0, "other-core")
        attempt.expectManager()
    }

    private static func headerRace(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let image = try image()
            let first = try honest(image)
            sice_write8(letter, 0x71)
            let second = try honest(image)
            guard OtherCore.begin(.flip, letter, 0x70 | 0x71 << 8) else { throw .noManager }
            try race(&attempt, rounds: rounds) { attempt throws(ErrorCode) in
                let environment = try Environment(image)
                let measured = Record(of: environment.identifier)?.measurement ?? 0
                let found = sice_read8(WorkMemory.scratch + UInt64(EnvironmentRecordLayout.name))
                attempt.expect(
                    found == 0x70 && measured == first || found == 0x71 && measured == second, "other-name",
                    UInt64(found))
                try environment.destroy()
            }
        } catch { attempt.failed("setup", error) }
        attempt.expect(OtherCore.stop() == 0, "other-core")
        attempt.expectManager()
    }

    /// The four content pages in every order and selection of four, one command each; only 0 1 2 3 is the image.
    private static func batches(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let image = try image()
            // Pages that are alike may stand for each other: make each of them one of its kind.
            for page in 1...image.contentPages {
                sice_write64(image.address + page * ABI.pageSize + 4080, page)
            }
            let measurement = try honest(image)
            for order: UInt64 in 0..<256 {
                let environment = Environment(existing: Call(.create, image.address).sent().registers.rbx)
                for place: UInt64 in 0..<4 {
                    let page = order >> (place * 2) & 3
                    _ = Call(.load, environment.identifier, image.address + (1 + page) * ABI.pageSize, 1)
                        .sent()
                    // Sealing early must not work.
                    let early = place < 3 ? Call(.seal, environment.identifier).sent().error : 1
                    attempt.expect(early != 0, "sealed-early", place)
                }
                _ = Call(.seal, environment.identifier).sent()
                let measured = Record(of: environment.identifier)?.measurement ?? 0
                attempt.expect((measured == measurement) == (order == 0b11_10_01_00), "measurement", order)
                try environment.destroy()
            }
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    private static func changedAfterwards(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let image = try image()
            for round: UInt64 in 0..<32 {
                sice_write8(status, 0x5A)
                let environment = try Environment(image)
                for page in 0..<GuestImage.filePages {
                    for offset in stride(from: round & 7, to: 4096, by: 8) {
                        sice_write8(image.address + page * ABI.pageSize + offset, 0xCC)
                    }
                }
                attempt.expect(environment.run().registers.rcx, is: 0x5A, "changed")
                try environment.destroy()
                _ = try self.image()
            }
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }
}
