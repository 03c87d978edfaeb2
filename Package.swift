// swift-tools-version: 6.2
import PackageDescription

/// Whose code is built. SwiftPM builds all targets that a manifest names, so each kind of machine has its own:
/// the host's tools and tests, unless SICE_BUILD says otherwise; `firmware`, what runs without an operating system
/// (tools/firmware); `fuzz`, parsers under libFuzzer (ci/fuzz).
enum Build: String { case host, firmware, fuzz }
guard let build = Build(rawValue: Context.environment["SICE_BUILD"] ?? "host") else {
    fatalError("SICE_BUILD is firmware or fuzz, or not set")
}

/// One set of rules for every Swift target.
let rules: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]
/// C functions that say how long their memory is are functions on spans.
let spans: [SwiftSetting] = [
    .enableExperimentalFeature("SafeInteropWrappers"), .unsafeFlags(["-Xcc", "-DSICE_SPANS"]),
    // Swift 6.3.1 crashes when it makes such functions for the files of a module that it optimizes as a whole.
    .unsafeFlags(["-no-whole-module-optimization"], .when(configuration: .release)),
]
typealias Modules = [Target.Dependency]
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

/// A module in a folder of its own name. What it may import is `uses`; the builds hold it to that.
func swift(_ name: String, in folder: String, _ uses: Modules = [], _ settings: [SwiftSetting] = []) -> Target
{
    .target(name: name, dependencies: uses, path: "\(folder)/\(name)", swiftSettings: rules + settings)
}
func c(_ name: String, in folder: String, _ uses: Modules = [], flags: [String] = []) -> Target {
    .target(
        name: name, dependencies: uses, path: "\(folder)/\(name)",
        cSettings: flags.isEmpty ? [] : [.unsafeFlags(flags)])
}

/// Exactly the Swift that runs in SMRAM, but for its entry points (`SecurityManager`, in `firmware`). No instructions, no unsafe code.
let manager = [
    swift("SICEABI", in: "Sources/Manager"),
    swift("ByteIO", in: "Sources/Manager"),
    swift("CBOR", in: "Sources/Manager", ["ByteIO"]),
    swift("GuestPolicy", in: "Sources/Manager", ["SICEABI"]),
    swift("IsolatedImage", in: "Sources/Manager", ["ByteIO", "SICEABI"]),
    swift(
        "ManagerCore", in: "Sources/Manager", ["ByteIO", "CBOR", "GuestPolicy", "IsolatedImage", "SICEABI"]),
    swift("SVM", in: "Sources/Manager", ["ByteIO", "GuestPolicy", "SICEABI"]),
]
/// What the coreboot payload and the stand-in ROM decide; the same code reads ROM files on the host.
let boot = [
    swift("SHA2", in: "Sources/Boot"),
    // Optimized everywhere: tools that are built for debugging expand what a ROM starts.
    swift(
        "LZMA", in: "Sources/Boot", ["ByteIO", "SICEABI"],
        [.unsafeFlags(["-O"], .when(configuration: .debug))]),
    swift("TPM2", in: "Sources/Boot", ["ByteIO", "SICEABI"]),
    swift("CorebootFormats", in: "Sources/Boot", ["ByteIO", "SICEABI"]),
    swift("TCGEventLog", in: "Sources/Boot", ["ByteIO", "SHA2", "SICEABI"]),
    swift("FirmwareTables", in: "Sources/Boot", ["ByteIO", "SICEABI"]),
    swift("LinuxBoot", in: "Sources/Boot", ["ByteIO", "CorebootFormats", "LZMA", "SICEABI"]),
    swift("Installation", in: "Sources/Boot", ["ByteIO", "SICEABI"]),
    swift("RootStorage", in: "Sources/Boot", ["ByteIO", "SHA2", "SICEABI", "TPM2"]),
]
/// What one program writes and another reads.
let formats = [
    swift("Bytes", in: "Sources/Formats"),
    swift(
        "EvidenceFormat", in: "Sources/Formats", ["Bytes", "Diagnostics", "SHA2", "SICEABI", "StrictJSON"]),
    swift(
        "ReportFormat", in: "Sources/Formats", ["ByteIO", "Bytes", "CBOR", "Diagnostics", "SHA2", "SICEABI"]),
    swift("SealedData", in: "Sources/Formats", ["ByteIO", "SICEABI"]),
    swift("StrictJSON", in: "Sources/Formats", ["Diagnostics", "SICEABI"]),
    swift("TPMStructures", in: "Sources/Formats", ["ByteIO", "TPM2"]),
    swift("UpgradeApproval", in: "Sources/Formats", ["ByteIO", "SICEABI"]),
    swift("WindowNetwork", in: "Sources/Formats", ["SICEABI"]),
]
/// What runs inside isolated environments, measured with them. No instructions, no unsafe code, no memory of its own.
let environment = [
    swift("LocalChannel", in: "Sources/Environment", ["ByteIO", "SealedData", "SICEABI"]),
    swift("NVSession", in: "Sources/Environment", ["ByteIO", "SealedData", "SICEABI", "TPM2"]),
    swift("FreshState", in: "Sources/Environment", ["ByteIO", "NVSession", "SealedData", "SICEABI"]),
]
/// Instructions of the CPU, for all worlds.
let machine = [c("CMachine", in: "Sources/Machine")]
/// What the tools are made of. They may allocate and use Foundation.
let host = [
    .systemLibrary(
        name: "COpenSSL", path: "Sources/Host/COpenSSL", pkgConfig: "libcrypto",
        providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
        name: "CELF", path: "Sources/Host/CELF", pkgConfig: "libelf", providers: [.apt(["libelf-dev"])]),
    // What `LinuxSystem` calls: files, sockets, locks, terminals and clocks.
    c("CLinux", in: "Sources/Host"),
    // What signals undo; programs that do not outlive the one that started them.
    c("COutput", in: "Sources/Host"), c("CChildren", in: "Sources/Host", ["COutput"]),
    c("CTunnel", in: "Sources/Host"), c("CSMICall", in: "Sources/Host", ["CMachine"]),
    swift(
        "Appraisal", in: "Sources/Host",
        [
            "Diagnostics", "Evidence", "EvidenceFormat", "OpenSSLCrypto", "Reference", "ReportFormat",
            "SICEABI", "StrictJSON",
        ]),
    swift(
        "AttestClient", in: "Sources/Host",
        [
            "Bytes", "Diagnostics", "Evidence", "EvidenceFormat", "LinuxSystem", "OpenSSLCrypto", "SICEABI",
            "StrictJSON", system, "TPMStructures",
        ]),
    swift("Benchmarks", in: "Sources/Host"),
    swift("CommandEnd", in: "Sources/Host", [argumentParser, "Diagnostics"]),
    swift("DeviceModel", in: "Sources/Host", ["SICEABI"]),
    swift("Diagnostics", in: "Sources/Host", ["CMachine", "COutput", "LinuxSystem", "SICEABI", system]),
    swift(
        "Evidence", in: "Sources/Host",
        [
            "Bytes", "CBOR", "Diagnostics", "EvidenceFormat", "OpenSSLCrypto", "ReportFormat", "SICEABI",
            "StrictJSON", "TCGEventLog", "TPMStructures",
        ]),
    swift(
        "Flashing", in: "Sources/Host",
        [
            "ByteIO", "CorebootFormats", "Diagnostics", "ImageBuilder", "Installation", "IsolatedImage",
            "LinuxBoot", "LZMA", "MachineRunner", "OpenSSLCrypto", "Reference", "SICEABI",
        ]),
    swift(
        "GuestRunner", in: "Sources/Host",
        [
            "DeviceModel", "Diagnostics", "ManagerAccess", "SICEABI", "WindowNetwork",
        ]),
    swift(
        "ServiceAPI", in: "Sources/Host",
        [
            "Diagnostics", "EvidenceFormat", "ManagerAccess", "SICEABI", "StrictJSON", "TPMAttestation",
        ]),
    swift(
        "HTTPTransport", in: "Sources/Host",
        [
            "Diagnostics", "LinuxSystem", "ServiceAPI", "SICEABI", system,
        ]),
    swift(
        "ImageBuilder", in: "Sources/Host",
        [
            "ByteIO", "Bytes", "CELF", "Diagnostics", "IsolatedImage", "LinuxBoot", "OpenSSLCrypto",
            "SICEABI", "StrictJSON",
        ]),
    swift(
        "LegacyHost", in: "Sources/Host",
        [
            "ByteIO", "CMachine", "CSMICall", "DeviceModel", "Diagnostics", "GuestRunner", "LinuxSystem",
            "ManagerAccess", "ServiceAPI", "SICEABI", system, "WindowNetwork", "WindowTunnel",
        ]),
    swift("LinuxSystem", in: "Sources/Host", ["CLinux", "COutput", system], spans),
    swift(
        "MachineRunner", in: "Sources/Host",
        [
            "AttestClient", "CChildren", "Diagnostics", "LinuxSystem", "SICEABI", system,
        ]),
    swift(
        "ManagerAccess", in: "Sources/Host",
        [
            "ByteIO", "CBOR", "Diagnostics", "IsolatedImage", "ReportFormat", "SICEABI",
        ]),
    swift(
        "PagingAudit", in: "Sources/Host",
        [
            "ByteIO", "Diagnostics", "GuestPolicy", "ImageBuilder", "Installation", "IsolatedImage",
            "LinuxSystem", "ManagerCore", "SICEABI", "StrictJSON", "SVM", system,
        ]),
    swift("OpenSSLCrypto", in: "Sources/Host", ["Bytes", "COpenSSL", "Diagnostics", "SICEABI"], spans),
    swift(
        "RedTeam", in: "Sources/Host",
        [
            "Appraisal", "AttestClient", "Bytes", "COpenSSL", "Diagnostics", "Evidence", "EvidenceFormat",
            "OpenSSLCrypto", "Reference", "ReportFormat", "SICEABI", "StrictJSON",
        ], spans),
    swift(
        "RedTeamMachine", in: "Sources/Host",
        [
            "Appraisal", "AttestClient", "Diagnostics", "Evidence", "EvidenceFormat", "Flashing",
            "MachineRunner", "OpenSSLCrypto", "RedTeam", "Reference", "ReportFormat", "SICEABI",
            "SourceEdits", "StrictJSON", "TPM2", "TPMAttestation",
        ]),
    swift(
        "Reference", in: "Sources/Host",
        [
            "ByteIO", "Bytes", "CorebootFormats", "Diagnostics", "OpenSSLCrypto", "RootStorage", "SICEABI",
            "StrictJSON", "TCGEventLog", "UpgradeApproval",
        ]),
    swift("SourceEdits", in: "Sources/Host", ["Diagnostics", "SICEABI"]),
    swift(
        "ServiceDaemon", in: "Sources/Host",
        [
            argumentParser, "CommandEnd", "Diagnostics", "HTTPTransport", "LegacyHost", "ManagerAccess",
            "ServiceAPI", "TPMAttestation",
        ]),
    swift(
        "TPMAttestation", in: "Sources/Host",
        [
            "Bytes", "Diagnostics", "LinuxSystem", "SICEABI", system, "TPM2", "TPMStructures",
        ]),
    swift(
        "VerdictPage", in: "Sources/Host",
        [
            "Appraisal", "Diagnostics", "Evidence", "EvidenceFormat", "Reference", "ReportFormat", "SICEABI",
            "StrictJSON",
        ]),
    swift(
        "WindowTunnel", in: "Sources/Host", ["CTunnel", "LinuxSystem", "SICEABI", system, "WindowNetwork"]),
]
/// Programs that a person starts.
func tool(_ name: String, _ uses: Modules) -> Target {
    .executableTarget(name: name, dependencies: uses, path: "Sources/Tools/\(name)", swiftSettings: rules)
}
let tools = [
    tool(
        "sice",
        [
            argumentParser, "CommandEnd", "Diagnostics", "EvidenceFormat", "GuestRunner", "LegacyHost",
            "ManagerAccess", "ServiceAPI", "ServiceDaemon", "SICEABI", "StrictJSON", "WindowNetwork",
        ]),
    tool("siced", ["ServiceDaemon"]),
    tool(
        "sice-attest",
        [
            "Appraisal", argumentParser, "AttestClient", "CommandEnd", "Diagnostics", "Evidence",
            "EvidenceFormat", "Flashing", "ImageBuilder", "IsolatedImage", "MachineRunner", "OpenSSLCrypto",
            "PagingAudit", "RedTeamMachine", "Reference", "ReportFormat", "SICEABI", "StrictJSON",
            "VerdictPage",
        ]),
    tool(
        "sice-bench",
        [
            argumentParser, "Benchmarks", "CommandEnd", "Diagnostics", "LinuxSystem", "SourceEdits", system,
        ]),
    tool(
        "sice-demo",
        [
            "Appraisal", argumentParser, "AttestClient", "Benchmarks", "CommandEnd", "Diagnostics",
            "Evidence",
            "EvidenceFormat", "MachineRunner", "OpenSSLCrypto", "ReportFormat", "SICEABI", "StrictJSON",
        ]),
    tool(
        "sice-guest-agent",
        [
            "CTunnel", "Diagnostics", "LinuxSystem", "SICEABI", system, "WindowNetwork", "WindowTunnel",
        ]),
]

/// What only tests use.
let support = [
    swift(
        "EvidenceForge", in: "Tests/Support",
        [
            "Appraisal", "Bytes", "COpenSSL", "Evidence", "EvidenceFormat", "OpenSSLCrypto", "RedTeam",
            "Reference", "ReportFormat", "SICEABI",
        ]),
    swift("Exploration", in: "Tests/Support"),
    swift("Fixtures", in: "Tests/Support", ["SICEABI"]),
    swift(
        "MemoryForge", in: "Tests/Support",
        [
            "Diagnostics", "GuestPolicy", "Installation", "ManagerCore", "PagingAudit", "SICEABI",
            "Simulation", "SVM",
        ]),
    swift(
        "Simulation", in: "Tests/Support",
        [
            "GuestPolicy", "IsolatedImage", "ManagerCore", "SHA2", "SICEABI", "WindowNetwork",
        ]),
    swift(
        "Soaking", in: "Tests/Support",
        ["Diagnostics", "EvidenceFormat", "Fixtures", "SICEABI", "StrictJSON"]),
    swift("SoftwareTPM", in: "Tests/Support", ["TPMAttestation"]),
    swift("ToyCipher", in: "Tests/Support", ["SealedData", "SHA2"]),
]
/// Tests of a folder of modules, in folders of the same names, or of whole programs and machines.
func tests(_ name: String, _ uses: Modules, resources: [Resource] = []) -> Target {
    .testTarget(
        name: name, dependencies: uses, path: "Tests/\(name)", resources: resources, swiftSettings: rules)
}
let allTests = [
    tests(
        "ManagerTests",
        [
            "ByteIO", "CBOR", "CMachine", "Exploration", "Fixtures", "GuestPolicy", "IsolatedImage",
            "ManagerCore", "SHA2", "SICEABI", "Simulation", "SVM",
        ]),
    tests(
        "BootTests",
        [
            "ByteIO", "CorebootFormats", "FirmwareTables", "Fixtures", "Installation", "LinuxBoot", "LZMA",
            "RootStorage", "SHA2", "SICEABI", "SoftwareTPM", "TCGEventLog", "TPM2", "TPMAttestation",
        ]),
    tests(
        "FormatsTests",
        [
            "Diagnostics", "EvidenceFormat", "Fixtures", "LinuxSystem", "ReportFormat", "SealedData", "SHA2",
            "SICEABI", "Simulation", "StrictJSON", "ToyCipher", "TPMStructures", "UpgradeApproval",
            "WindowNetwork", "WindowTunnel",
        ]),
    tests(
        "EnvironmentTests",
        [
            "Exploration", "FreshState", "LocalChannel", "NVSession", "RootStorage", "SealedData", "SHA2",
            "SICEABI", "SoftwareTPM", "ToyCipher", "TPM2", "TPMAttestation",
        ]),
    tests(
        "HostTests",
        [
            "Appraisal", "AttestClient", "Benchmarks", "CSMICall", "DeviceModel", "Diagnostics", "Evidence",
            "EvidenceForge", "EvidenceFormat", "FirmwareTables", "Fixtures", "Flashing", "GuestPolicy",
            "GuestRunner", "HTTPTransport", "ImageBuilder", "Installation", "IsolatedImage", "LegacyHost",
            "LinuxSystem", "MachineRunner", "ManagerAccess", "ManagerCore", "MemoryForge", "OpenSSLCrypto",
            "PagingAudit", "RedTeam", "RedTeamMachine", "Reference", "ReportFormat", "ServiceAPI", "SICEABI",
            "Simulation", "Soaking", "SoftwareTPM", "SourceEdits", "StrictJSON", "SVM", system, "TCGEventLog",
            "TPM2", "TPMAttestation", "TPMStructures", "UpgradeApproval", "VerdictPage", "WindowNetwork",
        ], resources: [.copy("Appraisal/Recorded")]),
    tests(
        "CommandTests",
        [
            "Appraisal", "Diagnostics", "Evidence", "EvidenceForge", "EvidenceFormat", "Fixtures",
            "IsolatedImage", "LinuxSystem", "MachineRunner", "RedTeam", "Reference", "ReportFormat", "sice",
            "sice-attest", "SICEABI", "siced", "StrictJSON",
        ]),
    tests(
        "LegacyHostQEMUTests",
        [
            "Appraisal", "AttestClient", "Diagnostics", "Evidence", "EvidenceFormat", "Fixtures",
            "MachineRunner", "OpenSSLCrypto", "RedTeam", "Reference", "ReportFormat", "SICEABI", "Soaking",
            "StrictJSON", "WindowNetwork",
        ]),
    tests(
        "OracleTests",
        [
            "Appraisal", "AttestClient", "Diagnostics", "Evidence", "EvidenceForge", "EvidenceFormat",
            "Fixtures", "OpenSSLCrypto", "Reference", "SICEABI", "SoftwareTPM", "TPM2", "TPMAttestation",
            "UpgradeApproval",
        ]),
    tests("QEMUTests", ["CorebootFormats", "Diagnostics", "Fixtures", "SHA2", "SICEABI"]),
]

/// Programs that run without an operating system: the manager, the payload, the stand-in ROM's bootblock, the probe that attacks
/// them, and the workloads.
let root = Context.packageDirectory
let bearSSL = "\(root)/.build-firmware/bearssl/inc"
let generalRegistersOnly = "-mgeneral-regs-only"
let firmware = [
    // What compilers call, for all that runs without a C library.
    c("CMemory", in: "Sources/Machine"),
    // Entry, exceptions, serial port of the ROM, the payload and the probe.
    c("CFirmware", in: "Sources/Machine", ["CMemory"], flags: [generalRegistersOnly]),
    swift("Firmware", in: "Sources/Boot", ["CFirmware", "CMachine", "FirmwareTables", "SICEABI", "TPM2"]),
    c(
        "CManager", in: "smm", ["CMachine", "CMemory"],
        flags: [
            generalRegistersOnly, "-I\(root)/smm/CManager/libc", "-I\(bearSSL)",
            "-ffile-prefix-map=\(root)/smm=smm",
        ]),
    swift(
        "SecurityManager", in: "Sources/Manager",
        ["ByteIO", "CMachine", "CManager", "GuestPolicy", "ManagerCore", "SICEABI", "SVM"]),
    c("CPayload", in: "coreboot-payload", ["CMachine"], flags: [generalRegistersOnly]),
    swift(
        "Payload", in: "Sources/Boot",
        [
            "ByteIO", "CFirmware", "CMachine", "CorebootFormats", "CPayload", "Firmware", "FirmwareTables",
            "Installation", "LinuxBoot", "LZMA", "SHA2", "SICEABI", "SVM", "TCGEventLog", "TPM2",
        ]),
    c("CReset", in: "tools/rom"),
    swift(
        "Bootblock", in: "tools/rom",
        [
            "ByteIO", "CFirmware", "CMachine", "CorebootFormats", "CReset", "Firmware", "FirmwareTables",
            "SHA2", "SICEABI", "TPM2",
        ]),
    c("CProbe", in: "Tests/ProbeHost", flags: [generalRegistersOnly]),
    swift(
        "Probe", in: "Tests/ProbeHost",
        [
            "ByteIO", "CFirmware", "CMachine", "CProbe", "Firmware", "FirmwareTables", "IsolatedImage",
            "SICEABI", "TPM2",
        ]),
    // The SDK for C programs, and the entry point and services under the Swift one.
    c("CWorkload", in: "smm/workloads", flags: [generalRegistersOnly]),
    swift("IsolatedWorkload", in: "smm/workloads", ["CWorkload", "SICEABI"]),
    .systemLibrary(name: "CBearSSL", path: "smm/workloads/CBearSSL"),
    // BearSSL's headers are where tools/bearssl puts them; they need the four functions of `string.h`.
    swift(
        "Signer", in: "smm/workloads", ["CBearSSL", "IsolatedWorkload", "SICEABI"],
        [.unsafeFlags(["-Xcc", "-I\(bearSSL)", "-Xcc", "-I\(root)/smm/workloads/CBearSSL/libc"])]),
    .target(
        name: "Checksum", dependencies: ["CWorkload"], path: "smm/workloads/Checksum", publicHeadersPath: ".",
        cSettings: [.unsafeFlags([generalRegistersOnly])]),
]
/// Each is linked by the script that builds it, from the objects of its module and those that it uses.
let images = ["Bootblock", "Checksum", "Payload", "Probe", "SecurityManager", "Signer"]

/// One file that calls one parser. libFuzzer brings the program's entry point.
func fuzz(_ name: String, _ uses: Modules) -> Target {
    .executableTarget(
        name: name, dependencies: uses, path: "Tests/Fuzz/\(name)",
        swiftSettings: rules + [.unsafeFlags(["-parse-as-library"])])
}
let fuzzTargets = [
    fuzz("ApprovalFuzz", ["SHA2", "SICEABI", "UpgradeApproval"]),
    fuzz("ImageHeaderFuzz", ["IsolatedImage", "SICEABI"]),
    fuzz("ManifestFuzz", ["Diagnostics", "ImageBuilder", "SICEABI"]),
    fuzz("ProgramFuzz", ["Diagnostics", "ImageBuilder", "SICEABI"]),
    fuzz("KernelFuzz", ["LinuxBoot", "SICEABI"]),
    fuzz(
        "EvidenceFuzz",
        [
            "Appraisal", "Diagnostics", "Evidence", "EvidenceFormat", "Reference", "SICEABI", "VerdictPage",
        ]),
    fuzz("FormatFuzz", ["Diagnostics", "EvidenceFormat", "ReportFormat", "SICEABI", "StrictJSON"]),
    fuzz("EnrollmentFuzz", ["AttestClient", "Diagnostics", "EvidenceFormat", "SICEABI"]),
    fuzz("AnswerFuzz", ["AttestClient", "Diagnostics", "SICEABI"]),
    fuzz("EventLogFuzz", ["SICEABI", "TCGEventLog"]),
    fuzz("BootLogFuzz", ["SHA2", "SICEABI", "TCGEventLog"]),
    fuzz("RequestFuzz", ["Diagnostics", "ServiceAPI", "SICEABI"]),
    fuzz("ServiceAnswerFuzz", ["Diagnostics", "ServiceAPI", "SICEABI"]),
    fuzz("TPMAnswerFuzz", ["Diagnostics", "RootStorage", "SICEABI", "TPM2", "TPMAttestation"]),
    fuzz("CBORFuzz", ["ByteIO", "CBOR"]),
    fuzz("WindowNetworkFuzz", ["SICEABI", "Simulation", "WindowNetwork"]),
    fuzz("LZMAFuzz", ["LZMA", "SICEABI"]),
    fuzz("CBFSFuzz", ["CorebootFormats", "Diagnostics", "Reference", "SICEABI"]),
    fuzz("FlashMapFuzz", ["CorebootFormats", "Diagnostics", "Reference", "SICEABI"]),
    fuzz("SELFFuzz", ["CorebootFormats", "LinuxBoot", "LZMA", "SICEABI"]),
    fuzz("SealedDataFuzz", ["SealedData", "SICEABI", "ToyCipher"]),
    fuzz("VaultFuzz", ["FreshState", "NVSession", "SealedData", "SHA2", "SICEABI", "ToyCipher"]),
    fuzz("LocalChannelFuzz", ["LocalChannel", "SealedData", "SICEABI", "ToyCipher"]),
    fuzz("TableLoaderFuzz", ["FirmwareTables", "SICEABI"]),
    fuzz("CorebootTableFuzz", ["ByteIO", "CorebootFormats", "SICEABI"]),
    fuzz(
        "PagingAuditFuzz", ["Diagnostics", "Installation", "MemoryForge", "PagingAudit", "SICEABI"]),
    fuzz("GuestCodeFuzz", ["ByteIO", "GuestPolicy", "ManagerCore", "SICEABI", "Simulation"]),
    fuzz(
        "ExitFuzz", ["ByteIO", "GuestPolicy", "ManagerCore", "SICEABI", "Simulation", "SVM"]),
    fuzz(
        "CommandFuzz",
        ["ByteIO", "GuestPolicy", "IsolatedImage", "ManagerCore", "SICEABI", "Simulation"]),
]

let targets: [Target]
switch build {
case .host: targets = machine + manager + boot + formats + environment + host + tools + support + allTests
case .firmware: targets = machine + manager + boot + firmware
case .fuzz: targets = machine + manager + boot + formats + environment + host + support + fuzzTargets
}
let package = Package(
    name: "sice",
    products: build == .firmware
        ? images.map { .library(name: $0, type: .static, targets: [$0]) }
        : build == .host
            ? ["sice-attest", "sice-bench", "sice-demo"].map { .executable(name: $0, targets: [$0]) } : [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: targets
)
