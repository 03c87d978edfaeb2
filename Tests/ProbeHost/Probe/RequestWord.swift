internal import CMachine
internal import SICEABI

/// Words in the communication area that show who may ask (`CommunicationArea.requestWords`).
enum RequestWord {
    /// A word that was not used before.
    static func fresh() -> UInt64 {
        var word = sice_rdtsc() &* 0x9E37_79B9_7F4A_7C15
        word ^= word >> 32
        return word | 1 << 63
    }

    /// Stores a word where the manager looks for the word `slot`, its own by default.
    static func store(_ word: UInt64, at slot: UInt64? = nil) {
        sice_write64(base + (slot ?? word) % CommunicationArea.requestWordCount * 8, word)
    }

    /// The page that the words end.
    static var page: UInt64 { base & ~(ABI.pageSize - 1) }

    /// Found once, before other cores start.
    private static var base: UInt64 {
        let known = sice_read64(WorkMemory.requestWords)
        if known != 0 { return known }
        let found = communicationArea() + UInt64(CommunicationArea.requestWords)
        sice_write64(WorkMemory.requestWords, found)
        return found
    }

    /// From the ACPI table that names it, which the payload left at a page's start below SMRAM.
    private static func communicationArea() -> UInt64 {
        let end = Platform().smramBase
        var page = end
        while page > end - 64 << 20 {
            page -= ABI.pageSize
            if isTable(page) { return sice_read64(page + UInt64(CommunicationArea.dataBase)) }
        }
        return WorkMemory.scratch
    }

    private static func isTable(_ page: UInt64) -> Bool {
        for index in 0..<16 {
            let byte = sice_read8(page + UInt64(CommunicationArea.tableIdentifier + index))
            if byte != CommunicationArea.tableGUID[index] { return false }
        }
        return true
    }
}
