// swift-tools-version: 6.2
import PackageDescription

/// Fuzz targets. A package of its own, because libFuzzer brings the program's entry point and every part must be
/// instrumented: `ci/fuzz` builds it with `--sanitize fuzzer`. A target is one file that calls one parser.
let rules: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
    // No entry point of its own, even where the target is a single file.
    .unsafeFlags(["-parse-as-library"]),
]

func fuzzTarget(_ name: String, _ dependencies: [String]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies.map { .product(name: $0, package: "sice") },
        swiftSettings: rules)
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "sice", path: "../..")],
    targets: [
        fuzzTarget("ImageHeaderFuzz", ["SICEABI", "IsolatedImage"]),
        fuzzTarget("ManifestFuzz", ["Diagnostics", "ImageBuilder", "SICEABI"]),
        fuzzTarget("ProgramFuzz", ["Diagnostics", "ImageBuilder", "SICEABI"]),
        fuzzTarget("KernelFuzz", ["LinuxBoot", "SICEABI"]),
        fuzzTarget(
            "EvidenceFuzz",
            [
                "Appraisal", "Diagnostics", "Evidence", "EvidenceFormat", "Reference", "ReportFormat",
                "SICEABI",
            ]),
        fuzzTarget("FormatFuzz", ["Diagnostics", "EvidenceFormat", "ReportFormat", "SICEABI", "StrictJSON"]),
        fuzzTarget("EnrollmentFuzz", ["Diagnostics", "EvidenceFormat", "SICEABI", "AttestClient"]),
        fuzzTarget("AnswerFuzz", ["Diagnostics", "SICEABI", "AttestClient"]),
        fuzzTarget("EventLogFuzz", ["EventLog", "SICEABI"]),
        fuzzTarget("BootLogFuzz", ["EventLog", "SHA2", "SICEABI"]),
        fuzzTarget("RequestFuzz", ["Diagnostics", "HostService", "SICEABI"]),
        fuzzTarget("ServiceAnswerFuzz", ["Diagnostics", "HostService", "SICEABI"]),
        fuzzTarget("TPMAnswerFuzz", ["Diagnostics", "SICEABI", "TPM2", "TPMAttestation"]),
        fuzzTarget("CBORFuzz", ["ByteIO", "CBOR"]),
        fuzzTarget("WindowNetworkFuzz", ["SICEABI", "SimulatedWindow", "WindowNetwork"]),
        fuzzTarget("LZMAFuzz", ["LZMA", "SICEABI"]),
        fuzzTarget("CBFSFuzz", ["CorebootFormats", "Diagnostics", "Reference", "SICEABI"]),
        fuzzTarget("FlashMapFuzz", ["CorebootFormats", "Diagnostics", "Reference", "SICEABI"]),
        fuzzTarget("SELFFuzz", ["CorebootFormats", "LZMA", "LinuxBoot", "SICEABI"]),
        fuzzTarget("TableLoaderFuzz", ["SICEABI", "TableLoader"]),
        fuzzTarget("CorebootTableFuzz", ["ByteIO", "CorebootFormats", "SICEABI"]),
        fuzzTarget("GuestCodeFuzz", ["SICEABI", "ByteIO", "ManagerCore", "ManagerSimulation"]),
        fuzzTarget(
            "CommandFuzz", ["SICEABI", "ByteIO", "IsolatedImage", "ManagerCore", "ManagerSimulation"]),
    ]
)
