/// One of QEMU's options with keys, as `-drive` and `-chardev` take it. Its parser ends a value at a comma, unless there are
/// two: a path may hold any, and what follows one must not become a key of its own.
///
/// swtpm has no way to write a comma in a value, and the files that swtpm_setup reads none for `#`: they are started in the
/// machine's folder and get names relative to it, see ``FileName``.
struct EmulatorOption {
    /// As it is passed.
    let text: String

    init(_ pairs: KeyValuePairs<String, String>) {
        text = pairs.map { "\($0.key)=\(EmulatorOption.escaped($0.value))" }.joined(separator: ",")
    }

    /// - Parameter kind: a word before the keys, such as a back end's name.
    init(_ kind: StaticString, _ pairs: KeyValuePairs<String, String>) {
        text = "\(kind),\(EmulatorOption(pairs).text)"
    }

    private static func escaped(_ value: String) -> String {
        String(value.flatMap { $0 == "," ? [",", ","] : [$0] })
    }
}
