// swift-tools-version: 6.2
import PackageDescription

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
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "sice",
    products: [
        .library(name: "SICEABI", targets: ["SICEABI"]),
        .library(name: "ByteIO", targets: ["ByteIO"]),
        .library(name: "CBOR", targets: ["CBOR"]),
        .library(name: "IsolatedImage", targets: ["IsolatedImage"]),
        .library(name: "GuestPolicy", targets: ["GuestPolicy"]),
        .library(name: "LinuxBoot", targets: ["LinuxBoot"]),
        .library(name: "ManagerCore", targets: ["ManagerCore"]),
        .library(name: "ManagerSimulation", targets: ["ManagerSimulation"]),
        .library(name: "SMRAMInstaller", targets: ["SMRAMInstaller"]),
        .library(name: "SVM", targets: ["SVM"]),
        .library(name: "TPM2", targets: ["TPM2"]),
        .library(name: "CorebootFormats", targets: ["CorebootFormats"]),
        .library(name: "EventLog", targets: ["EventLog"]),
        .library(name: "ACPITables", targets: ["ACPITables"]),
        .library(name: "SHA2", targets: ["SHA2"]),
        .library(name: "LZMA", targets: ["LZMA"]),
        .library(name: "TIS", targets: ["TIS"]),
        .library(name: "CMachine", targets: ["CMachine"]),
        .library(name: "CMemory", targets: ["CMemory"]),
        .library(name: "CFirmware", targets: ["CFirmware"]),
        .library(name: "FirmwareConfig", targets: ["FirmwareConfig"]),
        .library(name: "TableLoader", targets: ["TableLoader"]),
        .library(name: "Firmware", targets: ["Firmware"]),
        .library(name: "WindowNetwork", targets: ["WindowNetwork"]),
        .library(name: "SimulatedWindow", targets: ["SimulatedWindow"]),
        .library(name: "Appraisal", targets: ["Appraisal"]),
        .library(name: "Diagnostics", targets: ["Diagnostics"]),
        .library(name: "Evidence", targets: ["Evidence"]),
        .library(name: "EvidenceFormat", targets: ["EvidenceFormat"]),
        .library(name: "HostService", targets: ["HostService"]),
        .library(name: "ImageBuilder", targets: ["ImageBuilder"]),
        .library(name: "RedTeam", targets: ["RedTeam"]),
        .library(name: "Reference", targets: ["Reference"]),
        .library(name: "ReportFormat", targets: ["ReportFormat"]),
        .library(name: "StrictJSON", targets: ["StrictJSON"]),
        .library(name: "AttestClient", targets: ["AttestClient"]),
        .library(name: "TPMAttestation", targets: ["TPMAttestation"]),
        .executable(name: "sice-attest", targets: ["sice-attest"]),
        .executable(name: "sice-demo", targets: ["sice-demo"]),
        .executable(name: "sice-bench", targets: ["sice-bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        // Ring 1: numbers both worlds agree on.
        .target(name: "SICEABI", path: "Sources/ABI/SICEABI", swiftSettings: rules),
        // Ring 2: decisions, no instructions, no unsafe code.
        .target(name: "ByteIO", path: "Sources/Core/ByteIO", swiftSettings: rules),
        .target(name: "CBOR", dependencies: ["ByteIO"], path: "Sources/Core/CBOR", swiftSettings: rules),
        .testTarget(
            name: "CBORTests", dependencies: ["ByteIO", "CBOR"], path: "Tests/CBORTests", swiftSettings: rules
        ),
        .target(
            name: "IsolatedImage", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/IsolatedImage",
            swiftSettings: rules),
        .testTarget(
            name: "IsolatedImageTests", dependencies: ["SICEABI", "IsolatedImage", "SeededRandom"],
            path: "Tests/IsolatedImageTests", swiftSettings: rules),
        .target(
            name: "ManagerCore",
            dependencies: ["SICEABI", "ByteIO", "CBOR", "GuestPolicy", "IsolatedImage"],
            path: "Sources/Core/ManagerCore",
            swiftSettings: rules),
        .target(
            name: "GuestPolicy", dependencies: ["SICEABI"], path: "Sources/Core/GuestPolicy",
            swiftSettings: rules),
        .testTarget(
            name: "GuestPolicyTests", dependencies: ["GuestPolicy", "SICEABI"], swiftSettings: rules),
        .target(
            name: "LinuxBoot", dependencies: ["SICEABI", "ByteIO", "CorebootFormats", "LZMA"],
            path: "Sources/Core/LinuxBoot",
            swiftSettings: rules),
        .testTarget(
            name: "LinuxBootTests",
            dependencies: ["CorebootFormats", "LinuxBoot", "SampleKernel", "SICEABI", "SeededRandom"],
            swiftSettings: rules),
        .target(name: "SampleKernel", path: "Tests/Support/SampleKernel", swiftSettings: rules),
        .target(name: "SeededRandom", path: "Tests/Support/SeededRandom", swiftSettings: rules),
        .target(
            name: "ManagerSimulation",
            dependencies: ["SICEABI", "GuestPolicy", "IsolatedImage", "ManagerCore", "SHA2"],
            path: "Tests/Support/ManagerSimulation", swiftSettings: rules),
        .testTarget(
            name: "ManagerCoreTests",
            dependencies: [
                "SICEABI", "GuestPolicy", "IsolatedImage", "ManagerCore", "ManagerSimulation",
                "SeededRandom", "SHA2",
            ], path: "Tests/ManagerCoreTests", swiftSettings: rules),
        .target(
            name: "TPM2", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/TPM2", swiftSettings: rules
        ),
        .target(
            name: "CorebootFormats", dependencies: ["SICEABI", "ByteIO"],
            path: "Sources/Core/CorebootFormats",
            swiftSettings: rules),
        .target(
            name: "EventLog", dependencies: ["SICEABI", "ByteIO", "SHA2"], path: "Sources/Core/EventLog",
            swiftSettings: rules),
        .target(
            name: "ACPITables", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/ACPITables",
            swiftSettings: rules),
        .target(name: "SHA2", path: "Sources/Core/SHA2", swiftSettings: rules),
        // Optimized everywhere: tools that are built for debugging expand what a ROM starts.
        .target(
            name: "LZMA", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/LZMA",
            swiftSettings: rules + [.unsafeFlags(["-O"], .when(configuration: .debug))]),
        .target(
            name: "TIS", dependencies: ["SICEABI", "TPM2"], path: "Sources/Core/TIS", swiftSettings: rules),
        .target(name: "FirmwareConfig", path: "Sources/Core/FirmwareConfig", swiftSettings: rules),
        .target(
            name: "TableLoader", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/TableLoader",
            swiftSettings: rules),
        .target(
            name: "SVM", dependencies: ["ByteIO", "ManagerCore", "SICEABI"], path: "Sources/Core/SVM",
            swiftSettings: rules),
        .testTarget(
            name: "SVMTests", dependencies: ["ByteIO", "CMachine", "ManagerCore", "SICEABI", "SVM"],
            path: "Tests/SVMTests", swiftSettings: rules),
        .target(
            name: "SMRAMInstaller", dependencies: ["SICEABI", "ByteIO"], path: "Sources/Core/SMRAMInstaller",
            swiftSettings: rules),
        .testTarget(
            name: "SMRAMInstallerTests", dependencies: ["SICEABI", "SMRAMInstaller"],
            path: "Tests/SMRAMInstallerTests", swiftSettings: rules),
        .target(
            name: "TPMStructures", dependencies: ["ByteIO", "TPM2"], path: "Sources/Core/TPMStructures",
            swiftSettings: rules),
        .testTarget(name: "TPMStructuresTests", dependencies: ["TPMStructures"], swiftSettings: rules),
        .target(
            name: "WindowNetwork", dependencies: ["SICEABI"], path: "Sources/Core/WindowNetwork",
            swiftSettings: rules),
        .target(
            name: "SimulatedWindow", dependencies: ["WindowNetwork"], path: "Tests/Support/SimulatedWindow",
            swiftSettings: rules),
        .testTarget(
            name: "WindowNetworkTests",
            dependencies: [
                "LinuxSystem", "SICEABI", "SeededRandom", "SimulatedWindow", "WindowNetwork", "WindowTunnel",
            ],
            swiftSettings: rules),
        // Ring 3: instructions. The rest of this ring lives in the nested packages.
        .target(name: "CMachine", path: "Sources/Machine/CMachine"),
        // What compilers call, for all that runs without a C library; empty on the host.
        .target(name: "CMemory", path: "Sources/Machine/CMemory"),
        // Entry, exceptions, serial port of the bare programs (ROM, payload, probe); empty on the host.
        .target(
            name: "CFirmware", dependencies: ["CMemory"], path: "Sources/Machine/CFirmware",
            cSettings: [.unsafeFlags(["-mgeneral-regs-only"])]),
        .target(
            name: "Firmware",
            dependencies: ["CFirmware", "CMachine", "FirmwareConfig", "SICEABI", "TIS", "TableLoader"],
            path: "Sources/Machine/Firmware",
            swiftSettings: rules),
        .testTarget(
            name: "QEMUTests", dependencies: ["SICEABI", "CorebootFormats", "SHA2", "UpstreamROM"],
            swiftSettings: rules),
        .target(name: "UpstreamROM", path: "Tests/Support/UpstreamROM", swiftSettings: rules),
        .testTarget(name: "FirmwareConfigTests", dependencies: ["FirmwareConfig"], swiftSettings: rules),
        .testTarget(
            name: "TableLoaderTests", dependencies: ["TableLoader", "SICEABI"], swiftSettings: rules),
        .testTarget(name: "TPM2Tests", dependencies: ["TPM2", "SICEABI"], swiftSettings: rules),
        // Host libraries: what the tools are made of. They may allocate and use Foundation.
        .systemLibrary(
            name: "COpenSSL", path: "Sources/Host/COpenSSL", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]),
        .systemLibrary(
            name: "CELF", path: "Sources/Host/CELF", pkgConfig: "libelf", providers: [.apt(["libelf-dev"])]),
        // What signals undo.
        .target(name: "COutput", path: "Sources/Host/COutput"),
        // The one way to the system's files, sockets, locks, terminals and clocks.
        .target(name: "CLinux", path: "Sources/Host/CLinux"),
        .target(
            name: "LinuxSystem", dependencies: ["CLinux", "COutput", system],
            path: "Sources/Host/LinuxSystem",
            swiftSettings: rules + spans),
        .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem", system], swiftSettings: rules),
        .target(
            name: "Diagnostics", dependencies: ["COutput", "LinuxSystem", "SICEABI", system],
            path: "Sources/Host/Diagnostics", swiftSettings: rules),
        // How a command ends.
        .target(
            name: "CommandEnd", dependencies: [argumentParser, "Diagnostics", "SICEABI"],
            path: "Sources/Host/CommandEnd", swiftSettings: rules),
        .target(
            name: "StrictJSON", dependencies: ["Diagnostics", "SICEABI"], path: "Sources/Host/StrictJSON",
            swiftSettings: rules),
        .testTarget(
            name: "StrictJSONTests", dependencies: ["StrictJSON", "Diagnostics", "SICEABI"],
            swiftSettings: rules),
        .target(name: "Bytes", path: "Sources/Host/Bytes", swiftSettings: rules),
        // Formats that more than one program writes or reads, each by one type; neither cryptography nor Foundation.
        .target(
            name: "ReportFormat",
            dependencies: ["Bytes", "ByteIO", "CBOR", "Diagnostics", "SHA2", "SICEABI"],
            path: "Sources/Formats/ReportFormat", swiftSettings: rules),
        .target(
            name: "EvidenceFormat", dependencies: ["Bytes", "Diagnostics", "SHA2", "SICEABI", "StrictJSON"],
            path: "Sources/Formats/EvidenceFormat", swiftSettings: rules),
        .testTarget(
            name: "EvidenceFormatTests",
            dependencies: [
                "Diagnostics", "EvidenceFormat", "ReportFormat", "SHA2", "SICEABI", "StrictJSON",
            ],
            swiftSettings: rules),
        .target(
            name: "DeviceModel", dependencies: ["SICEABI"], path: "Sources/Host/DeviceModel",
            swiftSettings: rules),
        .testTarget(
            name: "DeviceModelTests", dependencies: ["DeviceModel", "GuestPolicy", "SICEABI"],
            swiftSettings: rules),
        .target(
            name: "OpenSSLCrypto", dependencies: ["Bytes", "COpenSSL", "Diagnostics", "SICEABI"],
            path: "Sources/Host/OpenSSLCrypto", swiftSettings: rules + spans),
        .target(
            name: "ImageBuilder",
            dependencies: [
                "Bytes", "CELF", "OpenSSLCrypto", "Diagnostics", "IsolatedImage", "LinuxBoot", "SICEABI",
                "StrictJSON",
            ],
            path: "Sources/Host/ImageBuilder", swiftSettings: rules),
        .testTarget(
            name: "ImageBuilderTests",
            dependencies: [
                "OpenSSLCrypto", "Diagnostics", "ImageBuilder", "IsolatedImage", "SICEABI", "SampleKernel",
            ],
            swiftSettings: rules),
        .target(
            name: "Evidence",
            dependencies: [
                "EvidenceFormat",
                "Bytes",
                "CBOR", "OpenSSLCrypto", "Diagnostics", "EventLog", "ReportFormat", "SICEABI",
                "StrictJSON", "TPMStructures",
            ],
            path: "Sources/Host/Evidence", swiftSettings: rules),
        .target(
            name: "Reference",
            dependencies: [
                "Bytes",
                "ByteIO", "CorebootFormats", "OpenSSLCrypto", "Diagnostics", "EventLog", "SICEABI",
                "StrictJSON",
            ],
            path: "Sources/Host/Reference", swiftSettings: rules),
        .target(
            name: "Appraisal",
            dependencies: [
                "EvidenceFormat", "ReportFormat", "OpenSSLCrypto", "Diagnostics", "Evidence", "Reference",
                "SICEABI",
                "StrictJSON",
            ],
            path: "Sources/Host/Appraisal", swiftSettings: rules),
        // Attacks on evidence: what the verifier must refuse, as values.
        .target(
            name: "RedTeam",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "Bytes", "COpenSSL", "OpenSSLCrypto", "Diagnostics", "Evidence", "Reference",
                "SICEABI",
                "StrictJSON", "AttestClient",
            ], path: "Sources/Host/RedTeam", swiftSettings: rules),
        .testTarget(
            name: "RedTeamTests",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "CertificateForge", "OpenSSLCrypto", "Diagnostics", "Evidence", "EvidenceForge",
                "RedTeam",
                "SICEABI", "AttestClient",
            ], swiftSettings: rules),
        .target(
            name: "TPMAttestation",
            dependencies: [
                "Bytes", "Diagnostics", "LinuxSystem", "SICEABI", "TPM2", "TPMStructures", system,
            ],
            path: "Sources/Host/TPMAttestation", swiftSettings: rules),
        .target(
            name: "AttestClient",
            dependencies: [
                "EvidenceFormat",
                "Bytes",
                "OpenSSLCrypto", "Diagnostics", "Evidence", "LinuxSystem", "SICEABI", "StrictJSON",
                "TPMStructures", system,
            ],
            path: "Sources/Host/AttestClient", swiftSettings: rules),
        // Programs that do not outlive the one that started them.
        .target(name: "CChildren", dependencies: ["COutput"], path: "Sources/Host/CChildren"),
        .target(
            name: "MachineRunner",
            dependencies: ["CChildren", "Diagnostics", "LinuxSystem", "SICEABI", "AttestClient", system],
            path: "Sources/Host/MachineRunner", swiftSettings: rules),
        .testTarget(
            name: "MachineRunnerTests",
            dependencies: ["Diagnostics", "LinuxSystem", "MachineRunner", "SICEABI", system],
            swiftSettings: rules),
        .target(
            name: "Flashing",
            dependencies: [
                "ByteIO", "CorebootFormats", "OpenSSLCrypto", "Diagnostics", "ImageBuilder", "IsolatedImage",
                "LZMA",
                "LinuxBoot", "MachineRunner", "Reference", "SICEABI", "SMRAMInstaller",
            ],
            path: "Sources/Host/Flashing", swiftSettings: rules),
        .testTarget(
            name: "FlashingTests",
            dependencies: [
                "Diagnostics", "Flashing", "ImageBuilder", "IsolatedImage", "Reference",
                "SICEABI",
                "SampleKernel", "SampleROM", "UpstreamROM",
            ],
            swiftSettings: rules),
        // Machines whose legacy host is an attacker.
        .target(
            name: "RedTeamMachine",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "OpenSSLCrypto", "Diagnostics", "Evidence", "Flashing", "MachineRunner",
                "RedTeam",
                "Reference", "SICEABI", "StrictJSON", "TPM2", "TPMAttestation", "AttestClient",
            ],
            path: "Sources/Host/RedTeamMachine", swiftSettings: rules),
        .testTarget(
            name: "RedTeamMachineTests",
            dependencies: [
                "Appraisal", "Diagnostics", "MachineRunner", "RedTeam", "RedTeamMachine", "SICEABI",
                "StrictJSON",
            ],
            swiftSettings: rules),
        .target(
            name: "ManagerClient",
            dependencies: [
                "ByteIO", "CBOR", "Diagnostics", "IsolatedImage", "ReportFormat", "SICEABI",
            ],
            path: "Sources/Host/ManagerClient", swiftSettings: rules),
        .target(
            name: "GuestRunner",
            dependencies: ["DeviceModel", "Diagnostics", "ManagerClient", "SICEABI", "WindowNetwork"],
            path: "Sources/Host/GuestRunner", swiftSettings: rules),
        .testTarget(
            name: "GuestRunnerTests",
            dependencies: [
                "DeviceModel", "Diagnostics", "GuestRunner", "ManagerClient", "SICEABI", "WindowNetwork",
            ],
            swiftSettings: rules),
        .target(name: "CTunnel", path: "Sources/Host/CTunnel"),
        // Both ends of a Linux guest's network: in the guest, and in the legacy host.
        .target(
            name: "WindowTunnel",
            dependencies: ["CTunnel", "LinuxSystem", "SICEABI", "WindowNetwork", system],
            path: "Sources/Host/WindowTunnel", swiftSettings: rules),
        .target(name: "CSMICall", dependencies: ["CMachine"], path: "Sources/Host/CSMICall"),
        .target(
            name: "LegacyHost",
            dependencies: [
                "ByteIO", "CMachine", "CSMICall", "DeviceModel", "Diagnostics", "GuestRunner", "HostService",
                "LinuxSystem", "ManagerClient", "SICEABI", "WindowNetwork", "WindowTunnel", system,
            ],
            path: "Sources/Host/LegacyHost", swiftSettings: rules),
        .testTarget(
            name: "LegacyHostTests",
            dependencies: [
                "DeviceModel", "Diagnostics", "GuestRunner", "LegacyHost", "LinuxSystem", "PseudoTerminal",
                "SeededRandom", "SICEABI", system,
            ],
            swiftSettings: rules),
        .target(
            name: "HostService",
            dependencies: [
                "EvidenceFormat",
                "ManagerClient", "TPMAttestation", "StrictJSON", "Diagnostics", "SICEABI",
            ],
            path: "Sources/Host/HostService", swiftSettings: rules),
        .target(
            name: "HTTPTransport",
            dependencies: ["HostService", "Diagnostics", "LinuxSystem", "SICEABI", system],
            path: "Sources/Host/HTTPTransport", swiftSettings: rules),
        // The daemon, which `siced` is and `sice` by that name.
        .target(
            name: "ServiceDaemon",
            dependencies: [
                argumentParser, "CommandEnd", "Diagnostics", "HTTPTransport", "HostService", "LegacyHost",
                "ManagerClient", "TPMAttestation",
            ],
            path: "Sources/Host/ServiceDaemon", swiftSettings: rules),
        // Tools that a person starts.
        .executableTarget(
            name: "siced", dependencies: ["ServiceDaemon"], path: "Sources/Tools/siced",
            swiftSettings: rules),
        .executableTarget(
            name: "sice",
            dependencies: [
                "EvidenceFormat",
                argumentParser, "CommandEnd", "GuestRunner", "HostService", "LegacyHost",
                "ManagerClient", "ServiceDaemon",
                "StrictJSON", "Diagnostics", "SICEABI", "WindowNetwork",
            ],
            path: "Sources/Tools/sice", swiftSettings: rules),
        .executableTarget(
            name: "sice-guest-agent",
            dependencies: [
                "CTunnel", "Diagnostics", "LinuxSystem", "SICEABI", "WindowNetwork", "WindowTunnel", system,
            ],
            path: "Sources/Tools/sice-guest-agent", swiftSettings: rules),
        .executableTarget(
            name: "sice-attest",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                argumentParser, "Appraisal", "CommandEnd", "OpenSSLCrypto", "Diagnostics", "Evidence",
                "Flashing",
                "ImageBuilder",
                "IsolatedImage", "MachineRunner", "RedTeamMachine", "Reference", "SICEABI", "StrictJSON",
                "AttestClient",
            ],
            path: "Sources/Tools/sice-attest", swiftSettings: rules),
        .executableTarget(
            name: "sice-demo",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                argumentParser, "Appraisal", "CommandEnd", "OpenSSLCrypto", "Diagnostics", "Evidence",
                "MachineRunner", "SICEABI",
                "StrictJSON", "AttestClient",
            ],
            path: "Sources/Tools/sice-demo", swiftSettings: rules),
        // The developer's tool, and what it computes.
        .target(name: "Benchmarks", path: "Sources/Host/Benchmarks", swiftSettings: rules),
        .executableTarget(
            name: "sice-bench", dependencies: [argumentParser, "Benchmarks", "CommandEnd", "Diagnostics"],
            path: "Sources/Tools/sice-bench", swiftSettings: rules),
        .testTarget(name: "BenchmarksTests", dependencies: ["Benchmarks"], swiftSettings: rules),
        // Tests.
        .testTarget(
            name: "LegacyHostQEMUTests",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "OpenSSLCrypto", "Diagnostics", "Evidence", "MachineRunner", "RedTeam",
                "Reference",
                "SICEABI", "StrictJSON",
                "AttestClient", "UpstreamROM", "WindowNetwork",
            ],
            swiftSettings: rules),
        .testTarget(
            name: "HostServiceTests",
            dependencies: [
                "EvidenceFormat",
                "ACPITables", "HTTPTransport", "HostService", "LegacyHost", "LinuxSystem", "ManagerClient",
                "ManagerCore", "ManagerSimulation",
                "TPMAttestation", "StrictJSON", "Diagnostics", "SICEABI", "WindowNetwork", system,
            ],
            swiftSettings: rules),
        .testTarget(
            name: "ManagerClientTests",
            dependencies: [
                "ReportFormat",
                "Evidence", "GuestRunner", "ManagerClient", "ManagerCore", "ManagerSimulation",
                "IsolatedImage",
                "Diagnostics", "SICEABI",
            ],
            swiftSettings: rules),
        .testTarget(
            name: "TPMAttestationTests",
            dependencies: [
                "TPMAttestation", "TPM2", "TPMStructures", "SICEABI", "SoftwareTPM", "Diagnostics",
            ],
            swiftSettings: rules),
        .target(
            name: "SoftwareTPM", dependencies: ["TPMAttestation"], path: "Tests/Support/SoftwareTPM",
            swiftSettings: rules),
        .testTarget(
            name: "ReferenceTests",
            dependencies: ["OpenSSLCrypto", "Diagnostics", "Reference", "SICEABI", "SampleROM"],
            swiftSettings: rules),
        .target(
            name: "SampleROM", dependencies: ["SICEABI"], path: "Tests/Support/SampleROM",
            swiftSettings: rules),
        .testTarget(
            name: "OracleTests",
            dependencies: [
                "EvidenceFormat",
                "Appraisal", "CertificateForge", "OpenSSLCrypto", "Diagnostics", "Evidence", "EvidenceForge",
                "SICEABI",
                "SoftwareTPM", "TPM2", "TPMAttestation", "AttestClient",
            ],
            swiftSettings: rules),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "CannedServer", "Diagnostics", "Evidence", "EvidenceForge", "IsolatedImage",
                "LinuxSystem", "MachineRunner", "PseudoTerminal",
                "RedTeam", "Reference",
                "SICEABI", "SampleKernel", "SampleROM",
                "StrictJSON", "sice", "sice-attest", "siced",
            ],
            swiftSettings: rules),
        .testTarget(
            name: "EvidenceTests",
            dependencies: [
                "ReportFormat", "OpenSSLCrypto", "EventLog", "Evidence", "ManagerCore",
                "ManagerSimulation", "SICEABI",
            ],
            swiftSettings: rules),
        .target(
            name: "CertificateForge", dependencies: ["Bytes", "COpenSSL", "OpenSSLCrypto"],
            path: "Tests/Support/CertificateForge", swiftSettings: rules),
        .target(name: "PseudoTerminal", path: "Tests/Support/PseudoTerminal", swiftSettings: rules),
        .target(name: "CannedServer", path: "Tests/Support/CannedServer", swiftSettings: rules),
        .testTarget(
            name: "AttestClientTests",
            dependencies: [
                "EvidenceFormat",
                "CannedServer", "CertificateForge", "Diagnostics", "EvidenceForge", "SICEABI",
                "StrictJSON", "AttestClient",
            ], swiftSettings: rules),
        .target(
            name: "EvidenceForge",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "Bytes", "OpenSSLCrypto", "Evidence",
                "RedTeam", "Reference",
                "SICEABI",
            ],
            path: "Tests/Support/EvidenceForge", swiftSettings: rules),
        .testTarget(
            name: "AppraisalTests",
            dependencies: [
                "EvidenceFormat", "ReportFormat",
                "Appraisal", "OpenSSLCrypto", "Diagnostics", "Evidence", "EvidenceForge", "RedTeam",
                "Reference",
                "SICEABI",
                "StrictJSON",
            ],
            resources: [.copy("Recorded")], swiftSettings: rules),
        .testTarget(
            name: "DiagnosticsTests", dependencies: ["Diagnostics", "SICEABI"], swiftSettings: rules),
        .testTarget(
            name: "OpenSSLCryptoTests", dependencies: ["OpenSSLCrypto", "Diagnostics", "SICEABI"],
            swiftSettings: rules),
        .testTarget(
            name: "CorebootFormatsTests", dependencies: ["CorebootFormats", "EventLog", "ByteIO", "SICEABI"],
            swiftSettings: rules),
        .testTarget(
            name: "EventLogTests", dependencies: ["EventLog", "ByteIO", "SHA2", "SICEABI"],
            swiftSettings: rules),
        .testTarget(
            name: "ACPITablesTests", dependencies: ["ACPITables", "SICEABI"], swiftSettings: rules),
        .testTarget(
            name: "LZMATests", dependencies: ["LZMA", "SICEABI", "SeededRandom"], swiftSettings: rules),
        .testTarget(name: "SHA2Tests", dependencies: ["SHA2"], swiftSettings: rules),
        .testTarget(name: "TISTests", dependencies: ["TIS", "TPM2", "SICEABI"], swiftSettings: rules),
    ]
)
