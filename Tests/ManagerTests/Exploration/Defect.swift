import SICEABI

/// A mistake that the manager, or the machine under it, could make: each breaks the property that it is sown for, so that
/// it is seen that the property can fail. All are in the tests' machine and wrapper; the manager's code is as it is.
enum Defect: CaseIterable {
    /// The payload's map says that there is RAM where there is none.
    case mapNamesHole
    /// Host memory is copied twice.
    case readsTwice
    /// A bad address is bent to a good one instead of refused.
    case addressIsMended
    /// Leaves of nested tables lose their no-execute bit.
    case executableWindow
    /// A page goes back to the pool as it is.
    case pagesKeepSecrets
    case freedPagesKeepOwners
    /// `run` is accepted before all windows are there.
    case runsSealed
    /// What crashed can be run again.
    case deadComesBack
    /// A second core believes that it runs the environment.
    case twoCoresRunOne
    /// A command on one environment changes another.
    case neighbourChanges
    /// Boot commands are closed although SMRAM is not.
    case openMemoryIsLocked
    /// A register of the guest goes out with a yield.
    case yieldShowsRegister
    /// A refused command changes a register besides RAX.
    case refusalChangesRegister
    /// `destroy` does all its work in one SMI.
    case destroysAtOnce
    case keyOutlivesFault
    case registersOutliveGuest
    /// Commands are accepted after a fault.
    case faultIsForgotten
    /// An error that no table has.
    case unknownError
    /// Signals are sent wherever the local APIC's registers were moved to.
    case signalsThroughMovedWindow
    /// A page is changed after it was hashed.
    case runsOtherBytes
    /// A measured page is changed by `attach`.
    case attachChangesPage
    /// Each entry of the log overwrites the first.
    case logStartsAnew

    /// Which property must find it.
    var property: Property {
        switch self {
        case .mapNamesHole, .readsTwice, .addressIsMended: .i1
        case .executableWindow: .i2
        case .pagesKeepSecrets, .freedPagesKeepOwners: .i3
        case .runsSealed, .deadComesBack, .twoCoresRunOne, .neighbourChanges, .openMemoryIsLocked: .i4
        case .yieldShowsRegister: .i5
        case .refusalChangesRegister: .i6
        case .destroysAtOnce: .i7
        case .keyOutlivesFault, .registersOutliveGuest, .faultIsForgotten: .i8
        case .unknownError: .i9
        case .signalsThroughMovedWindow: .i10
        case .runsOtherBytes, .attachChangesPage: .measurement
        case .logStartsAnew: .log
        }
    }

    /// The smallest exploration that reaches it.
    var bounds: ModelBounds {
        switch self {
        case .destroysAtOnce: .large
        case .neighbourChanges: .two
        case .mapNamesHole, .addressIsMended, .signalsThroughMovedWindow: .program
        default: .programInFewWords
        }
    }
}

/// What is checked after each transition: SPECIFICATION's invariants, and two that measurements rest on.
enum Property: String, CaseIterable {
    case i1 = "I1 host memory"
    case i2 = "I2 mappings"
    case i3 = "I3 owners"
    case i4 = "I4 lifecycle"
    case i5 = "I5 exits"
    case i6 = "I6 registers"
    case i7 = "I7 bounded work"
    case i8 = "I8 faults"
    case i9 = "I9 errors"
    case i10 = "I10 movable registers"
    case measurement = "what is measured runs"
    case log = "the log only grows"
}
