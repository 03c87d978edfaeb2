/// What the manager knows of a core that an environment has for itself, or will have once its SMI arrives.
struct IsolatedCore {
    /// The environment's slot; nil for a core that belongs to the legacy host.
    var slot: Slot?
    /// The core is in SMM for the environment. Before, the launch can be taken back.
    var hasEntered = false
    /// The core shall leave at its next exit or look at its attention flag.
    var isStopRequested = false
    /// The signal of the next `stop` is an NMI, not an SMI.
    var nextStopIsNMI = false
    /// Where it talks with the host; nil only for a core of the host.
    var exchange: Exchange?
}
