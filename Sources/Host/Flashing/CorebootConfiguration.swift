internal import Diagnostics
internal import SICEABI

/// coreboot's `.config`, which its build puts into CBFS as `config`: lines `CONFIG_NAME=value`.
struct CorebootConfiguration {
    private let values: [Substring: Substring]

    init(_ bytes: [UInt8]) {
        var values: [Substring: Substring] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            guard line.hasPrefix("CONFIG_"), let sign = line.firstIndex(of: "=") else { continue }
            values[line[..<sign]] = line[line.index(after: sign)...]
        }
        self.values = values
    }

    private func isSet(_ name: Substring) -> Bool { values[name] == "y" }

    /// Refuses a coreboot that the security manager could not follow.
    ///
    /// A coreboot with an SMM handler of its own locks SMRAM before the payload starts, or leaves code there; one
    /// without measured boot lets anything run before the manager unseen. The rest changes which events come, or
    /// where, so that reference values would never match.
    /// - Throws: `romNoConfiguration`, `romHasSMMHandler`, `romNotMeasured`, `romConfigurationUnsupported`.
    func validate(_ path: String) throws(ToolError) {
        guard !values.isEmpty else {
            throw ToolError(.romNoConfiguration, "\(path): the file config has no settings")
        }
        guard isSet("CONFIG_NO_SMM") else { throw ToolError(.romHasSMMHandler, path) }
        guard isSet("CONFIG_TPM2"), isSet("CONFIG_TPM_MEASURED_BOOT") else {
            throw ToolError(.romNotMeasured, path)
        }
        for (name, value) in CorebootConfiguration.required where values[name] != value {
            throw ToolError(.romConfigurationUnsupported, "\(path): set \(name)=\(value)")
        }
        for name in CorebootConfiguration.excluded where isSet(name) {
            throw ToolError(.romConfigurationUnsupported, "\(path): switch off \(name)")
        }
    }

    private static let required: [(Substring, Substring)] = [
        ("CONFIG_CBFS_PREFIX", "\"fallback\""), ("CONFIG_PCR_SRTM", "2"), ("CONFIG_TPM_LOG_TPM2", "y"),
        ("CONFIG_TPM_HASH_SHA256", "y"),
    ]
    /// Verified boot wants digests and signatures that cbfstool can't make again; the others read more files. With a way to
    /// resume, a wake from S3 leads past the payload to the operating system: SMRAM open as a reset leaves it, with all
    /// that was in it, and a TPM that nobody measured for.
    private static let excluded: [Substring] = [
        "CONFIG_VBOOT", "CONFIG_CBFS_VERIFICATION", "CONFIG_USE_OPTION_TABLE", "CONFIG_BOOTSPLASH",
        "CONFIG_INTEL_TXT", "CONFIG_HAVE_ACPI_RESUME",
    ]
}
