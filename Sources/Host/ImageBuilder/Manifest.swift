public import Diagnostics
internal import SICEABI
internal import StrictJSON

/// What to build: schema `sice.manifest/1`.
public struct Manifest: Equatable, Sendable {
    public static let schema = "sice.manifest/1"

    /// Name in the image header: 1 to 31 bytes.
    public var name: String
    /// The program's own version: up to 15 bytes.
    public var version: String
    /// Path of the ELF program, as the manifest gives it.
    public var program: String
    /// Bytes of the stack, whole pages.
    public var stackSize: UInt64
    /// Memory shared with the host; the order gives the index.
    public var windows: [Window]
    /// Whether reports shall say that this is a debug image.
    public var isDebug: Bool

    public struct Window: Equatable, Sendable {
        /// For people; the image has only the index.
        public var name: String
        public var size: UInt64
        /// Guest-physical address.
        public var address: UInt64
        public var isWritable: Bool
    }

    static let stackSizes: ClosedRange<UInt64> = ABI.pageSize...(64 << 20)
    static let windowSizes: ClosedRange<UInt64> =
        ABI.pageSize...(ImageLayout.maximumWindowPages * ABI.pageSize)
    static let windowAddresses: ClosedRange<UInt64> =
        ImageLayout.addressFloor...(ImageLayout.addressLimit - ABI.pageSize)

    /// Parses a manifest. Throws `manifestUnreadable`, `manifestUnknownKey`, `manifestMissingKey` or
    /// `manifestOutOfRange`, each naming the key.
    public init(_ bytes: [UInt8], path: String) throws(ToolError) {
        let errors = JSONFields.Errors(
            unreadable: .manifestUnreadable, unknownKey: .manifestUnknownKey, missingKey: .manifestMissingKey)
        var fields = try JSONFields(document: bytes, schema: Manifest.schema, context: path, errors: errors)
        name = try Manifest.text(try fields.string("name"), "name", 1...31)
        version =
            try fields.has("version") ? Manifest.text(try fields.string("version"), "version", 0...15) : ""
        program = try fields.string("program")
        stackSize =
            try fields.has("stack")
            ? Manifest.pages(try fields.string("stack"), "stack", in: Manifest.stackSizes) : 64 << 10
        isDebug = try fields.has("debug") ? fields.boolean("debug") : false
        windows = []
        for (index, value) in (try fields.has("windows") ? fields.array("windows") : []).enumerated() {
            var window = try JSONFields(value, context: "\(path): windows[\(index)]", errors: errors)
            windows.append(try Window(&window, "windows[\(index)]"))
            try window.finish()
        }
        try fields.finish()
        try checkWindows()
    }

    private func checkWindows() throws(ToolError) {
        guard windows.count <= ImageLayout.maximumWindows else {
            throw ToolError(.manifestOutOfRange, "windows: at most \(ImageLayout.maximumWindows)")
        }
        guard Set(windows.map(\.name)).count == windows.count else {
            throw ToolError(.manifestOutOfRange, "windows: a name appears twice")
        }
    }

    static func pages(_ text: String, _ key: String, in range: ClosedRange<UInt64>) throws(ToolError)
        -> UInt64
    {
        try ByteQuantity.pages(text, key, in: range, otherwise: .manifestOutOfRange)
    }

    static func text(_ text: String, _ key: String, _ lengths: ClosedRange<Int>) throws(ToolError) -> String {
        let isPrintable = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
        }
        guard lengths.contains(text.utf8.count), isPrintable else {
            throw ToolError(
                .manifestOutOfRange,
                "\(key): \(lengths.lowerBound) to \(lengths.upperBound) bytes of printable text")
        }
        return text
    }
}

extension Manifest.Window {
    /// A writable window as the command line names it: `SIZE@ADDRESS`. Throws `manifestOutOfRange`.
    public init(option text: String, index: Int) throws(ToolError) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            throw ToolError(
                .manifestOutOfRange, "--window: \(text) is not SIZE@ADDRESS, as 64KiB@0x40000000 is")
        }
        name = "window \(index)"
        size = try Manifest.pages(parts[0], "--window \(text): size", in: Manifest.windowSizes)
        address = try Manifest.pages(parts[1], "--window \(text): address", in: Manifest.windowAddresses)
        isWritable = true
    }

    init(_ fields: inout JSONFields, _ key: String) throws(ToolError) {
        name = try Manifest.text(try fields.string("name"), "\(key).name", 1...31)
        size = try Manifest.pages(try fields.string("size"), "\(key).size", in: Manifest.windowSizes)
        address = try Manifest.pages(
            try fields.string("address"), "\(key).address", in: Manifest.windowAddresses)
        isWritable = try fields.has("write") ? fields.boolean("write") : false
    }
}
