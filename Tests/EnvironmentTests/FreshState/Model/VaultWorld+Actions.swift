import Exploration
import SICEABI

@testable import FreshState

extension VaultWorld {
    /// Does it, and says which promise it breaks.
    mutating func perform(_ action: VaultAction) -> Violation? {
        switch action {
        case .restart: restart()
        case .reset:
            restart()
            bench.tpm.endSessions()
            withheld = nil
        case .look: command = try? bench.lookCommand()
        case .begin: return begin()
        case .offer(let table): return offer(table)
        case .commit: commit()
        case .store: store()
        case .settle: command = try? bench.settleCommand()
        case .deliver: return deliver()
        case .loseAnswer:
            answer = command.map { bench.tpm.execute($0) }
            closeRelay()
        case .loseCommand: closeRelay()
        case .withhold: (withheld, command, isHostile) = (command, nil, true)
        case .deliverLate:
            answer = withheld.map { bench.tpm.execute($0) }
            withheld = nil
        case .replay:
            isHostile = true
            return replay()
        }
        return nil
    }

    private mutating func restart() {
        bench.restart()
        (command, present, pending, unstored) = (nil, nil, nil, nil)
    }

    /// After an error a relay begins again; the kernel ends the sessions of a file that is closed.
    private mutating func closeRelay() {
        command = nil
        bench.tpm.endSessions()
    }

    private mutating func begin() -> Violation? {
        guard (try? bench.vault.begin()) != nil else { return nil }
        return tell(nil)
    }

    private mutating func offer(_ table: Int) -> Violation? {
        // It is not on an honest host's disk.
        isHostile = isHostile || !kept.contains(table)
        switch try? bench.offer(tables[table].bytes) {
        case .current: return tell(table)
        case .pending: pending = table
        case nil: break
        }
        return nil
    }

    private mutating func commit() {
        let key = StateKey.sample(UInt8(tables.count % 2))
        guard let old = try? bench.register(of: key).value,
            (try? bench.vault.commit(key, from: old, to: .init(repeating: UInt8(tables.count + 1)))) != nil,
            let blob = try? bench.seal()
        else { return }
        tables.append(
            Table(
                bytes: blob, parent: present, digest: array(bench.vault.digest), head: array(bench.vault.next)
            ))
        (pending, unstored) = (tables.count - 1, tables.count - 1)
    }

    private mutating func store() {
        guard let table = unstored else { return }
        kept.insert(table)
        unstored = nil
    }

    private mutating func deliver() -> Violation? {
        guard let sent = command else { return nil }
        let given = bench.tpm.execute(sent)
        answer = given
        return take(given)
    }

    private mutating func replay() -> Violation? {
        guard let answer else { return nil }
        command = nil
        return take(answer)
    }

    private mutating func take(_ answer: [UInt8]) -> Violation? {
        command = nil
        do {
            command = try bench.receive(answer)
            guard command == nil, bench.vault.phase == .open, let table = pending else { return nil }
            return tell(table)
        } catch {
            bench.tpm.endSessions()
            return nil
        }
    }

    /// The vault says that this table is the present one; nil is the empty one.
    private mutating func tell(_ table: Int?) -> Violation? {
        (present, pending) = (table, nil)
        guard self.table(table, holds: told) else {
            return Violation("fresh", "table \(name(table)) after table \(name(told))")
        }
        told = table
        if let table, !isHostile { kept = [table] }
        return nil
    }

    private func name(_ table: Int?) -> String { table.map(String.init) ?? "none" }
}
