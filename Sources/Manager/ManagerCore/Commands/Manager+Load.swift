import GuestPolicy
import IsolatedImage
import SICEABI

/// `create`, `load`, `seal`, `attach`: from nothing to a runnable environment.
extension Manager where Machine: ~Copyable {
    mutating func create(
        _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        let source = try HostRange(
            address: registers.rcx, count: ABI.pageSize, alignment: ABI.pageSize, in: hostMemory)
        let slot = try emptySlot()
        environments[slot].reset()
        do throws(ErrorCode) {
            try begin(slot, from: source, machine: &machine)
        } catch {
            // Nothing stays of a refused image.
            releaseAll(slot, machine: &machine)
            throw error
        }
        environments[slot].generation &+= 1
        try advance(slot, to: .loading)
        registers.rbx = UInt64(identifier(of: slot))
    }

    private mutating func emptySlot() throws(ErrorCode) -> Slot {
        for number in 0..<UInt64(Slot.count) {
            let slot = Slot(remainderOf: number)
            if environments[slot].state == .absent,
                environments[slot].generation < Environment.lastGeneration
            {
                return slot
            }
        }
        throw .tooManyEnvironments
    }

    /// Takes the header page into SMRAM, and only then looks at it (I1).
    private mutating func begin(
        _ slot: Slot, from source: HostRange, machine: inout Machine
    ) throws(ErrorCode) {
        try reserveForImage(1, slot)
        let page = try pool.take(for: &environments[slot].memory, machine: &machine)
        machine.copyPage(source, into: page)
        environments[slot].header = page
        let pages = try examineHeader(slot, machine: machine)
        try reserveForImage(pages, slot)
        environments[slot].tables = try pool.take(for: &environments[slot].memory, machine: &machine)
        machine.beginDigest(.environment(slot))
        machine.updateDigest(.environment(slot), with: page)
    }

    private mutating func reserveForImage(_ pages: UInt64, _ slot: Slot) throws(ErrorCode) {
        do throws(ErrorCode) {
            try pool.reserve(pages, for: &environments[slot].memory)
        } catch {
            throw .imageTooLarge
        }
    }

    /// Validates the header and gives the number of pages that the image needs besides it.
    private mutating func examineHeader(
        _ slot: Slot, machine: borrowing Machine
    ) throws(ErrorCode) -> UInt64 {
        let header = try ImageHeader(validating: machine.bytes(of: environments[slot].header))
        environments[slot].kind = header.isLinuxGuest ? .linuxGuest : .bareProgram
        environments[slot].isDebug = header.isDebug
        environments[slot].windowCount = header.windowCount
        environments[slot].cursor.contentLeft = header.contentPages
        environments[slot].cursor.zeroLeft = header.privatePages &- header.contentPages
        return header.privatePages &+ NestedPageTable.pagesNeeded(for: header)
    }

    mutating func load(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        let pages = registers.rsi
        guard pages >= 1, pages <= ABI.maximumBatchPages else { throw .invalidArgument }
        guard pages <= environments[slot].cursor.contentLeft else { throw .imageOversized }
        let source = try HostRange(
            address: registers.rdx, count: pages &* ABI.pageSize, alignment: ABI.pageSize, in: hostMemory)
        for index in 0..<pages {
            let page = try placeNextPage(slot, isContent: true, machine: &machine)
            machine.copyPage(try source.page(index), into: page)
            // What is hashed is the copy that will run: the host may change its own at any time (T03).
            machine.updateDigest(.environment(slot), with: page)
            environments[slot].cursor.contentLeft &-= 1
        }
        if environments[slot].cursor.contentLeft == 0 { environments[slot].cursor.rewind() }
        registers.rbx = environments[slot].cursor.contentLeft
    }

    mutating func seal(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard environments[slot].cursor.contentLeft == 0 else { throw .imageTruncated }
        var step: UInt64 = 0
        while step < ABI.pagesPerStep, environments[slot].cursor.zeroLeft > 0 {
            _ = try placeNextPage(slot, isContent: false, machine: &machine)
            environments[slot].cursor.zeroLeft &-= 1
            step &+= 1
        }
        registers.rbx = environments[slot].cursor.zeroLeft
        if registers.rbx == 0 { try finishLoading(slot, machine: &machine) }
    }

    /// Takes a page and maps it where the image's next content page, or next zero page, belongs.
    private mutating func placeNextPage(
        _ slot: Slot, isContent: Bool, machine: inout Machine
    ) throws(ErrorCode) -> PoolPage {
        let (address, permissions) = try nextPlace(slot, isContent: isContent, machine: machine)
        let page = try pool.take(for: &environments[slot].memory, machine: &machine)
        let nested = NestedPage(
            physicalAddress: page.address(poolBase: pool.base), guestAddress: address,
            permissions: permissions, kind: environments[slot].kind)
        try map(nested, slot, machine: &machine)
        return page
    }

    private mutating func map(_ page: NestedPage, _ slot: Slot, machine: inout Machine) throws(ErrorCode) {
        try NestedPageTable.map(
            page, root: environments[slot].tables, pool: &pool, account: &environments[slot].memory,
            machine: &machine)
    }

    /// Moves the cursor to the next page of the wanted kind. The counts of pages left keep it inside the image;
    /// running off its end is a fault.
    private mutating func nextPlace(
        _ slot: Slot, isContent: Bool, machine: borrowing Machine
    ) throws(ErrorCode) -> (address: UInt64, permissions: UInt32) {
        let header = ImageHeader(validated: machine.bytes(of: environments[slot].header))
        while environments[slot].cursor.region < header.regionCount {
            let region = header.region(environments[slot].cursor.region)
            let first = isContent ? 0 : region.contentPages
            let end = isContent ? region.contentPages : region.pages
            let page = max(environments[slot].cursor.page, first)
            if page < end {
                environments[slot].cursor.page = page &+ 1
                return (region.address &+ page &* ABI.pageSize, region.permissions)
            }
            environments[slot].cursor.region &+= 1
            environments[slot].cursor.page = 0
        }
        throw .managerFault
    }

    private mutating func finishLoading(_ slot: Slot, machine: inout Machine) throws(ErrorCode) {
        environments[slot].finishMeasurement(slot, machine: &machine)
        prepareGuest(slot, machine: &machine)
        try advance(slot, to: .sealed)
        logEnvironment(.sealed, slot, machine: &machine)
        try makeRunnable(slot)
    }

    private mutating func prepareGuest(_ slot: Slot, machine: inout Machine) {
        let page = environments[slot].header
        let entry = ImageHeader(validated: machine.bytes(of: page)).start
        machine.prepareGuest(slot, entry, nestedRoot: environments[slot].tables)
    }

    mutating func attach(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard registers.rdx < UInt64(environments[slot].windowCount) else { throw .windowNotDeclared }
        let index = Int(truncatingIfNeeded: registers.rdx)
        guard !environments[slot].isAttached(index) else { throw .windowAlreadyAttached }
        let window = ImageHeader(validated: machine.bytes(of: environments[slot].header)).window(index)
        let source = try HostRange(
            address: registers.rsi, count: window.pages &* ABI.pageSize, alignment: ABI.pageSize,
            in: hostMemory)
        for page in 0..<window.pages {
            let nested = NestedPage(
                physicalAddress: try source.page(page).address,
                guestAddress: window.address &+ page &* ABI.pageSize,
                permissions: window.permissions & ~Permissions.execute, kind: environments[slot].kind)
            try map(nested, slot, machine: &machine)
        }
        environments[slot].attachedWindows |= 1 << UInt8(truncatingIfNeeded: index)
        registers.rbx = UInt64(
            truncatingIfNeeded: environments[slot].windowCount
                &- environments[slot].attachedWindows.nonzeroBitCount)
        try makeRunnable(slot)
    }

    /// `sealed → runnable`, once every window has its memory.
    private mutating func makeRunnable(_ slot: Slot) throws(ErrorCode) {
        guard environments[slot].hasAllWindows else { return }
        // No page is mapped from here on; tables that windows share with regions are left over.
        pool.cancelReservation(of: &environments[slot].memory)
        try advance(slot, to: .runnable)
    }
}

extension ImageHeader {
    fileprivate var start: GuestEntry {
        GuestEntry(
            kind: isLinuxGuest ? .linuxGuest : .bareProgram, entry: entry, stackPointer: stackPointer,
            pageTableRoot: pageTableRoot, bootParameters: bootParameters)
    }
}

extension ImageCursor {
    /// Goes back to the first region, for the second pass over the image.
    fileprivate mutating func rewind() {
        region = 0
        page = 0
    }
}
