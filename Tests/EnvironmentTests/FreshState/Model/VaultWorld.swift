import FreshState

/// Vault, TPM, disk and host of one machine, and what was promised to whom.
struct VaultWorld {
    /// In an array of one, out of the stack, which tables would fill.
    private var benches: [VaultBench<ModelCryptography>]
    var bench: VaultBench<ModelCryptography> {
        get { benches[0] }
        set { benches[0] = newValue }
    }
    /// Every table that ever was sealed: a disk forgets nothing that somebody copied.
    var tables: [Table] = []
    /// What an honest host has on its disk.
    var kept: Set<Int> = []
    /// Sealed and not stored yet.
    var unstored: Int?
    /// The table that the vault has, or has given out; nil where none is.
    var present: Int?
    var pending: Int?
    /// The last table of which anybody was told.
    var told: Int?
    /// On its way to the TPM; what the host held back of earlier ones.
    var command: [UInt8]?
    var withheld: [UInt8]?
    /// The last answer that the TPM gave.
    var answer: [UInt8]?
    /// The host did something that no cut of power and no lost answer does: it may lose everything, and fool nobody.
    var isHostile = false

    struct Table {
        let bytes: [UInt8]
        /// What it goes on from.
        let parent: Int?
        /// Its hash, and the head that committing it leads to.
        let digest: [UInt8]
        let head: [UInt8]
    }

    /// Head of the history before any commit.
    let first: [UInt8]

    init(_ rule: HistoryRule) {
        benches = [VaultBench(ModelCryptography(rule: rule))]
        first = benches[0].tpm.head
    }

    /// Whether `table` is `other` or goes on from it. Everything goes on from nothing.
    func table(_ table: Int?, holds other: Int?) -> Bool {
        guard let other else { return true }
        var current = table
        while let index = current {
            if index == other { return true }
            current = tables[index].parent
        }
        return false
    }
}

/// What happens next.
enum VaultAction: Hashable, CustomStringConvertible {
    /// The vault's program ends and begins anew; or power goes, and the TPM's sessions with it.
    case restart, reset
    case look, begin
    case offer(Int)
    /// Two programs commit in turn.
    case commit, store, settle
    /// The command reaches the TPM and the answer the vault; only the first; neither.
    case deliver, loseAnswer, loseCommand
    /// The host holds a command back; gives it to the TPM later; hands in an earlier answer.
    case withhold, deliverLate, replay

    var description: String {
        switch self {
        case .restart: "the vault restarts"
        case .reset: "the machine is reset"
        case .look: "look"
        case .begin: "begin"
        case .offer(let table): "offer table \(table)"
        case .commit: "commit"
        case .store: "the table is stored"
        case .settle: "settle"
        case .deliver: "command and answer are delivered"
        case .loseAnswer: "the TPM executes, its answer is lost"
        case .loseCommand: "the command is lost"
        case .withhold: "the command is withheld"
        case .deliverLate: "the TPM gets what was withheld"
        case .replay: "an earlier answer is handed in"
        }
    }
}
