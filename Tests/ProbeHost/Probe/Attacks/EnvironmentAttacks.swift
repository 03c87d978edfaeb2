internal import CMachine
internal import CProbe
internal import SICEABI

/// What environments leave behind, and what is seen of them from outside (T01, T06).
enum EnvironmentAttacks {
    static func show(to runner: inout AttackRunner) {
        runner.attack(
            Attack(
                70, .environments, "successor", "T06", "bytes of an environment that is gone, in a new one"),
            successor)
        runner.attack(
            Attack(
                71, .environments, "planted-secret", "T01",
                "words that a guest computed, anywhere in the host's memory, while it lives and afterwards"),
            plantedSecret)
        runner.attack(
            Attack(
                72, .environments, "neighbour", "T06",
                "an environment's answer changed by another one's death"),
            neighbour)
    }

    /// Predecessors that were destroyed alive and after a crash; the successor takes the same pages again.
    private static func successor(_ attempt: inout Attempt) {
        for _ in 0..<100 {
            do throws(ErrorCode) {
                let filler = try Environment(
                    GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
                let other = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
                attempt.expect(filler.run().registers.rcx == 1 && other.run().registers.rcx == 1, "fill")
                try filler.destroy()
                try other.destroy()
                let looker = try Environment(
                    GuestImage(at: WorkMemory.secondImage, entry: probe_guest_look))
                let answer = looker.run()
                attempt.expect(answer.registers.rbx, is: ExitReason.yield.rawValue, "look")
                attempt.expect(answer.registers.rcx, is: 0, "remains")
                try looker.destroy()
            } catch { attempt.failed("setup", error) }
        }
        attempt.expectManager()
    }

    /// The pattern's words never were in the host's memory: only masked ones are compared.
    private static func plantedSecret(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let filler = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_fill))
            attempt.expect(filler.run().registers.rcx, is: 1, "fill")
            search(&attempt)
            try filler.destroy()
            search(&attempt)
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }

    /// Looks for the words of `probe_guest_fill` in all memory.
    static func search(_ attempt: inout Attempt) {
        let mask: UInt64 = 0xA5C3_5A3C_0FF0_1E87
        var word: UInt64 = 0x5DEE_CE66_D123_4567
        for _ in 0..<777 { word = word &* 6_364_136_223_846_793_005 &+ 1 }
        let masked = word ^ mask
        let next = (word &* 6_364_136_223_846_793_005 &+ 1) ^ mask
        let end = Platform.found.smramBase + Platform.found.smramSize
        var address: UInt64 = 0
        while address < end {
            var seen = false
            for offset in stride(from: UInt64(0), to: 4096, by: 8)
            where sice_read64(address + offset) ^ mask == masked {
                seen = seen || sice_read64(address + offset + 8) ^ mask == next
            }
            attempt.expect(!seen, "seen", address)
            address += 4096
        }
    }

    private static func neighbour(_ attempt: inout Attempt) {
        do throws(ErrorCode) {
            let survivor = try Environment(GuestImage(at: WorkMemory.image, entry: probe_guest_echo))
            attempt.expect(survivor.run().registers.rcx, is: 1, "first")
            let entries: InlineArray<6, Int> = [
                probe_guest_outside, probe_guest_write_text, probe_guest_execute_stack, probe_guest_port,
                probe_guest_msr, probe_guest_smash,
            ]
            for index in entries.indices {
                let image = try GuestImage(at: WorkMemory.secondImage, entry: entries[index])
                for round: UInt64 in 0..<10 {
                    let other = try Environment(image)
                    _ = other.run()
                    attempt.expect(survivor.run(round).registers.rcx, is: round + 1, "answer")
                    try other.destroy()
                }
            }
            try survivor.destroy()
        } catch { attempt.failed("setup", error) }
        attempt.expectManager()
    }
}
