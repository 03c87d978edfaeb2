/// What a person needs to know about an error. Tools print all of it, the payload the summary; the manager, whose
/// answers are numbers, does not have it: its linker drops it.
public struct ErrorDescription: Sendable {
    /// One sentence: what is wrong.
    public let summary: StaticString
    /// One sentence: what to do.
    public let remedy: StaticString
    /// Exit status of a tool that ends with this error (SPECIFICATION §8).
    public let exitStatus: Int32

    init(_ summary: StaticString, _ remedy: StaticString, _ exitStatus: Int32) {
        self.summary = summary
        self.remedy = remedy
        self.exitStatus = exitStatus
    }

    /// Stands where a row has no text. A test sees to it that none is without; the compiler does not see across files.
    static var missing: ErrorDescription {
        ErrorDescription("This error has no text.", "Report it with its number.", 70)
    }
}

extension ErrorCode {
    /// The table row's text, which stands in the file of its hundred.
    public var description: ErrorDescription {
        switch rawValue / 100 {
        case 1: commandText
        case 2: hostMemoryText
        case 3: imageText
        case 4: secretText
        case 5: managerText
        case 6: bootText
        case 7: buildingText
        case 8: evidenceText
        case 9: toolText
        case 10: serviceText
        default: .missing
        }
    }
}
