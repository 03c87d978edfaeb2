internal import SICEABI

/// What an event of the boot log stands for, by the name that firmware gives it. Nobody trusts the name: the digest counts.
struct MeasuredPart {
    let title: String
    let meaning: String

    init(name: String) {
        switch name {
        case "FMAP: FMAP": self.init("Layout of the ROM", "Says where in the ROM each part lies.")
        case "CBFS: bootblock":
            self.init("First stage of the firmware", "The first program that the machine runs.")
        case "CBFS: fallback/payload": self.init("Payload", "Installs the security manager and locks it in.")
        case "\(BootMeasurement.manager)":
            self.init("Security manager", "Keeps the host out of isolated environments, and reports on them.")
        case "\(BootMeasurement.configuration)":
            self.init("Configuration", "How much memory the security manager has, and options of the ROM.")
        case "\(BootMeasurement.reportKey)":
            self.init("Report key", "The security manager made it on this boot; it signs the report below.")
        case "\(BootMeasurement.workload)": self.init("Workload of the ROM", "Starts with the machine.")
        case "\(BootMeasurement.next)":
            self.init("What starts the host", "Runs once the security manager is locked in.")
        case "\(BootMeasurement.noManager)":
            self.init("No security manager", "The machine says that it started without one.")
        default: self.init("Part of the firmware", "Ran before the payload, or was read by what did.")
        }
    }

    private init(_ title: String, _ meaning: String) {
        self.title = title
        self.meaning = meaning
    }
}
