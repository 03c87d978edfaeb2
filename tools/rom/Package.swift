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

/// Modules of the root package that the bootblock is made of.
let shared = [
    "SICEABI", "ByteIO", "FirmwareConfig", "TableLoader", "CorebootFormats", "SHA2", "TPM2", "TIS",
    "CMachine",
    "CFirmware", "Firmware",
]

/// The stand-in ROM's bootblock. Built by `tools/rom/build` for x86_64-unknown-none-elf.
let package = Package(
    name: "rom",
    products: [.library(name: "Bootblock", type: .static, targets: ["Bootblock"])],
    dependencies: [.package(name: "sice", path: "../..")],
    targets: [
        .target(name: "CReset"),
        .target(
            name: "Bootblock",
            dependencies: ["CReset"] + shared.map { .product(name: $0, package: "sice") },
            swiftSettings: rules),
    ]
)
