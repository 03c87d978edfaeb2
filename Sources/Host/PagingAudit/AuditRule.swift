/// What must hold of a machine's memory. The raw value is the rule's name in outputs.
public enum AuditRule: String, CaseIterable, Sendable {
    case writeXorExecute = "write-xor-execute"
    case excessAccess = "excess-access"
    case undeclaredMapping = "undeclared-mapping"
    case hostMapping = "host-mapping"
    case managerTables = "manager-tables"
    case managerCode = "manager-code"
    case entryStub = "entry-stub"
    case pageOwner = "page-owner"
    case pageList = "page-list"
    case pageAlias = "page-alias"
    case imageHeader = "image-header"
    case nestedTables = "nested-tables"
    case undeclaredGuestMemory = "undeclared-guest-memory"
    case undeclaredHostMemory = "undeclared-host-memory"
    case managerMemory = "manager-memory"
    case vmrunPage = "vmrun-page"
    case nestedRoot = "nested-root"
    case asid = "asid"
    case intercepts = "intercepts"
    case permissionMap = "permission-map"

    /// What it means when the rule is broken.
    public var meaning: String {
        switch self {
        case .writeXorExecute:
            "a page of the manager can be written and executed: who writes it runs code in SMM (I2)"
        case .excessAccess: "the manager's mapping allows more than its layout declares"
        case .undeclaredMapping: "the manager maps an address that its layout does not declare"
        case .hostMapping:
            "the manager maps memory of the host otherwise than for one command, one page a core, never executable"
        case .managerTables: "a page table of the manager lies elsewhere than its tables do, or is used twice"
        case .managerCode: "code or constants of the manager in SMRAM are not those of the file"
        case .entryStub:
            "the first code of an SMI is not what the installer writes: it sets CR0, EFER and CR3"
        case .pageOwner:
            "an environment reaches a page that the ownership table gives to another, or to nobody (I3)"
        case .pageList:
            "the ownership table contradicts itself: pages of one owner are not exactly one list (I3)"
        case .pageAlias: "one page is mapped twice, so that what is written at one place changes another"
        case .imageHeader: "the environment's header page is none that the manager takes"
        case .nestedTables:
            "a nested page table is used twice, lies outside SMRAM, or has a page of a size that the manager makes none of"
        case .undeclaredGuestMemory:
            "the environment reaches memory that its image does not declare, or may do more with it"
        case .undeclaredHostMemory: "the environment reaches memory of the host beyond its declared windows"
        case .managerMemory: "the environment reaches SMRAM of the manager"
        case .vmrunPage:
            "a page that only VMRUN may use is mapped: a VMCB, a permission map, a state-save area"
        case .nestedRoot: "the VMCB does not lead to the environment's own nested page tables"
        case .asid:
            "the address-space identifier is not the slot's own: translations of another guest could serve it"
        case .intercepts: "the VMCB lets the guest do what must be an exit"
        case .permissionMap: "ports or MSRs are open to the guest that must be exits"
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .managerCode, .entryStub:
            "Take the manager.elf of the very build that the ROM holds; if it is, the machine's SMRAM was changed: trust nothing of it."
        case .pageList:
            "A machine that was stopped inside a command may show this once; take its memory again. If it stays, it is a bug of the manager."
        default:
            "Trust nothing that this machine says until the cause is known; keep the memory and the manager.elf, and report it (SECURITY.md)."
        }
    }
}
