// swift-tools-version: 6.2
import PackageDescription

let rules: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

/// Modules of the root package that the probe is made of.
let shared = [
    "SICEABI", "ByteIO", "FirmwareConfig", "IsolatedImage", "TPM2", "TIS", "CMachine", "CFirmware",
    "Firmware",
]

/// The probe: a bare-metal legacy host that attacks and measures the manager. Built by `Tests/ProbeHost/build`.
let package = Package(
    name: "probe",
    products: [.library(name: "Probe", type: .static, targets: ["Probe"])],
    dependencies: [.package(name: "sice", path: "../..")],
    targets: [
        .target(name: "CProbe", cSettings: [.unsafeFlags(["-mgeneral-regs-only"])]),
        .target(
            name: "Probe",
            dependencies: ["CProbe"] + shared.map { .product(name: $0, package: "sice") },
            swiftSettings: rules),
    ]
)
