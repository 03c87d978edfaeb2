import Installation
import MemoryForge
import PagingAudit
import SICEABI
import SVM
import Simulation
import Testing

/// A fault that is put into a good memory, and what must be found.
struct Seed: Sendable, CustomTestStringConvertible {
    struct Place: Equatable {
        let rule: AuditRule
        let owner: AuditOwner
        let address: UInt64

        init(_ rule: AuditRule, _ owner: AuditOwner, _ address: UInt64) {
            self.rule = rule
            self.owner = owner
            self.address = address
        }
    }

    let name: String
    /// Changes the memory; gives what must be found.
    let make: @Sendable (inout ForgedMachine) -> [Place]

    var testDescription: String { name }

    static let noExecute: UInt64 = 1 << 63
    static let writable: UInt64 = 2
    static let leaf: UInt64 = 1 << 63 | 7
    static let first = AuditOwner.environment(slot: 0)
    static let second = AuditOwner.environment(slot: 1)

    static var all: [Seed] { manager + host + ownership + nested + leaks + vmrun }

    /// The manager's own mappings.
    private static let manager = [
        Seed(name: "code is writable") { machine in
            machine.change(machine.entry(of: virtual, root: machine.root)) { $0 | writable }
            return [Place(.writeXorExecute, .manager, machine.plan.imageBase)]
        },
        Seed(name: "data is executable") { machine in
            machine.change(machine.entry(of: virtual + 0x8000, root: machine.root)) { $0 & ~noExecute }
            return [Place(.writeXorExecute, .manager, machine.place(0x8000))]
        },
        Seed(name: "constants are executable") { machine in
            machine.change(machine.entry(of: virtual + 0x3000, root: machine.root)) { $0 & ~noExecute }
            return [Place(.excessAccess, .manager, machine.place(0x3000))]
        },
        Seed(name: "the pool is executable") { machine in
            let pool = ManagerImageLayout.directMapBase + machine.plan.poolBase
            machine.change(machine.entry(of: pool, root: machine.root)) { $0 & ~noExecute }
            return [Place(.writeXorExecute, .manager, machine.plan.poolBase)]
        },
        Seed(name: "a stack's page is the code's") { machine in
            let stack = ManagerImageLayout.directMapBase + machine.plan.base + 0x2000
            let code = machine.place(0x1000)
            machine.memory.storeWord(code | noExecute | 3, at: machine.entry(of: stack, root: machine.root))
            return [Place(.undeclaredMapping, .core(0), code), Place(.writeXorExecute, .manager, code)]
        },
        Seed(name: "a page table is mapped") { machine in
            let place = ManagerImageLayout.directMapBase + machine.root
            machine.memory.storeWord(machine.root | leaf, at: machine.entry(of: place, root: machine.root))
            return [Place(.undeclaredMapping, .manager, machine.root)]
        },
        Seed(name: "the tables lead to themselves") { machine in
            machine.memory.storeWord(machine.root | 3, at: machine.root + 100 * 8)
            return [Place(.managerTables, .manager, machine.root)]
        },
        Seed(name: "a table lies in the pool") { machine in
            machine.memory.storeWord(machine.plan.poolBase | 3, at: machine.root + 100 * 8)
            return [Place(.managerTables, .manager, machine.plan.poolBase)]
        },
        Seed(name: "a byte of the code is another") { machine in
            machine.memory.store([0], at: machine.place(0x1004))
            return [Place(.managerCode, .manager, machine.place(0x1000))]
        },
        Seed(name: "a stub loads another EFER") { machine in
            let stub = machine.plan.smbase(ofCore: 1) + SMRAMLayout.entryPage
            machine.change(stub + 0x40 + UInt64(StubParametersLayout.efer)) { $0 ^ 1 << 11 }
            return [Place(.entryStub, .core(1), stub)]
        },
    ]

    /// The host's memory in the manager's tables.
    private static let host = [
        Seed(name: "a second page of the host's is mapped") { machine in
            machine.memory.storeWord(0x10_0000 | noExecute | 3, at: machine.plan.tablesBase + 8)
            return [Place(.hostMapping, .manager, 0x10_0000)]
        },
        Seed(name: "a page of the host's is executable") { machine in
            machine.memory.storeWord(0x10_0000 | 3, at: machine.plan.tablesBase)
            return [Place(.hostMapping, .manager, 0x10_0000)]
        },
        Seed(name: "what is mapped is no RAM") { machine in
            machine.memory.storeWord(0xFED4_0000 | noExecute | 3, at: machine.plan.tablesBase)
            return [Place(.hostMapping, .manager, 0xFED4_0000)]
        },
        Seed(name: "a large page of the host's is mapped") { machine in
            let place = ManagerImageLayout.hostMapBase + 5 << 21
            machine.memory.storeWord(
                0x20_0000 | noExecute | 0x83, at: machine.entry(of: place, level: 2, root: machine.root))
            return [Place(.hostMapping, .manager, 0x20_0000)]
        },
    ]

    static var virtual: UInt64 { ManagerImageLayout.virtualBase }
}

/// What environments have.
extension Seed {
    private static let stack: UInt64 = 0x50_0000 - 4096

    fileprivate static func nestedEntry(_ machine: ForgedMachine, _ address: UInt64, slot: Int = 0) -> UInt64
    {
        machine.entry(of: address, root: machine.nestedRoot(ofSlot: slot))
    }

    static let ownership = [
        Seed(name: "the owner of a mapped page is another") { machine in
            let page = machine.physical(stack, slot: 0)
            machine.memory.store([9], at: machine.ownerByte(ofPageAt: page))
            // The links of both lead to the other's pages, and no list has all of its pages.
            return [
                Place(.pageList, first, page), Place(.pageList, first, machine.plan.poolBase + 2 * 4096),
                Place(.pageList, .environment(slot: 8), page - 4096),
                Place(.pageList, .environment(slot: 8), page), Place(.pageOwner, first, page),
            ]
        },
        Seed(name: "an owner is nobody") { machine in
            let page = machine.plan.poolBase + 590 * 4096
            machine.memory.store([0x77], at: machine.ownerByte(ofPageAt: page))
            return [Place(.pageList, .pool, page)]
        },
        Seed(name: "a list is a loop") { machine in
            // The manager's two pages, the second of which is its head.
            machine.memory.store([2, 0, 0, 0], at: machine.link(ofPageAt: machine.plan.poolBase))
            return [Place(.pageList, .manager, machine.plan.poolBase)]
        },
        Seed(name: "a header is none") { machine in
            let header = machine.plan.poolBase + 2 * 4096
            machine.change(header) { $0 ^ 1 }
            return [Place(.imageHeader, first, header)]
        },
    ]

    static let nested = [
        Seed(name: "a page of another environment") { machine in
            let other = machine.physical(0x3000, slot: 1)
            machine.change(nestedEntry(machine, stack)) { $0 & 0xFFF | noExecute | other }
            return [Place(.pageOwner, first, other), Place(.pageAlias, second, other)]
        },
        Seed(name: "a free page") { machine in
            let free = machine.plan.poolBase + 595 * 4096
            machine.change(nestedEntry(machine, stack)) { $0 & 0xFFF | noExecute | free }
            return [Place(.pageOwner, first, free)]
        },
        Seed(name: "one page at two places") { machine in
            let page = machine.physical(stack, slot: 0)
            machine.change(nestedEntry(machine, stack - 4096)) { $0 & 0xFFF | noExecute | page }
            return [Place(.pageAlias, first, page)]
        },
        Seed(name: "a program's data is executable") { machine in
            machine.change(nestedEntry(machine, stack)) { $0 & ~noExecute }
            return [Place(.undeclaredGuestMemory, first, machine.physical(stack, slot: 0))]
        },
        Seed(name: "a program's code is writable") { machine in
            machine.change(nestedEntry(machine, 0x20_0000)) { $0 | writable }
            return [Place(.undeclaredGuestMemory, first, machine.physical(0x20_0000, slot: 0))]
        },
        Seed(name: "an own page where nothing is declared") { machine in
            let page = machine.plan.poolBase + 2 * 4096
            machine.memory.storeWord(page | leaf, at: nestedEntry(machine, 0x31_0000))
            return [Place(.undeclaredGuestMemory, first, page)]
        },
        Seed(name: "nested tables lead to themselves") { machine in
            let root = machine.nestedRoot(ofSlot: 1)
            machine.memory.storeWord(root | 7, at: root + 8)
            return [Place(.nestedTables, second, root)]
        },
        Seed(name: "a nested table outside of the pool") { machine in
            machine.memory.storeWord(0x10_0000 | 7, at: machine.nestedRoot(ofSlot: 1) + 8)
            return [Place(.nestedTables, second, 0x10_0000)]
        },
        Seed(name: "a gigabyte in one large page") { machine in
            let table = machine.memory.word(at: machine.nestedRoot(ofSlot: 0)) & ~0xFFF
            machine.memory.storeWord(4 << 30 | 0x87, at: table + 4 * 8)
            return [Place(.nestedTables, first, table)]
        },
        Seed(name: "a nested table for the guest to write") { machine in
            let root = machine.nestedRoot(ofSlot: 0)
            machine.change(nestedEntry(machine, stack)) { $0 & 0xFFF | noExecute | root }
            return [Place(.nestedTables, first, root)]
        },
    ]

    static let leaks = [
        Seed(name: "the host's memory in a private region") { machine in
            machine.change(nestedEntry(machine, stack)) { $0 & 0xFFF | noExecute | 0x10_0000 }
            return [Place(.undeclaredHostMemory, first, 0x10_0000)]
        },
        Seed(name: "the host's memory where nothing is declared") { machine in
            machine.memory.storeWord(0x10_2000 | leaf, at: nestedEntry(machine, 0x31_0000))
            return [Place(.undeclaredHostMemory, first, 0x10_2000)]
        },
        Seed(name: "a window that jumps") { machine in
            machine.change(nestedEntry(machine, 0x1000_2000)) { $0 & 0xFFF | noExecute | 0x10_0000 }
            return [Place(.undeclaredHostMemory, first, 0x10_0000)]
        },
        Seed(name: "a window that is executable") { machine in
            machine.change(nestedEntry(machine, 0x1000_0000)) { $0 & ~noExecute }
            return [Place(.undeclaredGuestMemory, first, Simulation.Place.window)]
        },
        Seed(name: "a device in a window") { machine in
            machine.change(nestedEntry(machine, 0x1000_3000)) { $0 & 0xFFF | noExecute | 0xFEE0_0000 }
            return [Place(.undeclaredHostMemory, first, 0xFEE0_0000)]
        },
        Seed(name: "the manager's code in a window") { machine in
            let code = machine.plan.imageBase
            machine.change(nestedEntry(machine, 0x1000_0000)) { $0 & 0xFFF | noExecute | code }
            return [Place(.managerMemory, first, code)]
        },
        Seed(name: "a VMCB for the guest") { machine in
            let block = machine.controlBlock(ofSlot: 0)
            machine.change(nestedEntry(machine, stack)) { $0 & 0xFFF | noExecute | block }
            return [Place(.vmrunPage, first, block)]
        },
        Seed(name: "a state-save area is mapped") { machine in
            let page = machine.plan.base + SMRAMLayout.hsavePage
            let place = machine.entry(of: ManagerImageLayout.directMapBase + page, root: machine.root)
            machine.memory.storeWord(page | noExecute | 3, at: place)
            return [Place(.vmrunPage, .core(0), page)]
        },
    ]

    static let vmrun = [
        Seed(name: "nested CR3 is another's") { machine in
            let block = machine.controlBlock(ofSlot: 0)
            machine.memory.storeWord(machine.nestedRoot(ofSlot: 1), at: block + UInt64(VMCB.nestedCR3))
            return [Place(.nestedRoot, first, block)]
        },
        Seed(name: "nested paging is off") { machine in
            let block = machine.controlBlock(ofSlot: 1)
            machine.memory.storeWord(0, at: block + UInt64(VMCB.nestedPaging))
            return [Place(.nestedRoot, second, block)]
        },
        Seed(name: "the host's ASID") { machine in
            let block = machine.controlBlock(ofSlot: 1)
            machine.memory.store([0, 0, 0, 0], at: block + UInt64(VMCB.asid))
            return [Place(.asid, second, block)]
        },
        Seed(name: "the host's interrupts can be held off") { machine in
            let block = machine.controlBlock(ofSlot: 1)
            machine.change(block + UInt64(VMCB.interruptControl)) { $0 & ~(1 << 24) }
            return [Place(.intercepts, second, block)]
        },
        Seed(name: "RSM is no exit") { machine in
            let block = machine.controlBlock(ofSlot: 0)
            machine.change(block + 8) { $0 & ~(1 << (32 + 19)) }
            return [Place(.intercepts, first, block)]
        },
        Seed(name: "the MSR map is the guest's own page") { machine in
            let block = machine.controlBlock(ofSlot: 1)
            machine.memory.storeWord(machine.physical(0, slot: 1), at: block + UInt64(VMCB.msrpm))
            return [Place(.permissionMap, second, block)]
        },
        Seed(name: "a port is open") { machine in
            machine.memory.store([0xFE], at: machine.permissionMap + 0x100E)
            return [Place(.permissionMap, .manager, machine.permissionMap + 0x1000)]
        },
        Seed(name: "an MSR is open") { machine in
            machine.memory.store([0], at: machine.msrMap + 0x1B / 4)
            return [Place(.permissionMap, .manager, machine.msrMap)]
        },
    ]
}
