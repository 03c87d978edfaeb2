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

/// Modules of the root package that the payload is made of.
let shared = [
    "SICEABI", "ByteIO", "SHA2", "LZMA", "TPM2", "TIS", "CorebootFormats", "EventLog", "ACPITables",
    "LinuxBoot",
    "SMRAMInstaller", "SVM",
    "CMachine", "CFirmware", "Firmware",
]

/// The coreboot payload. Built by `coreboot-payload/build` for x86_64-unknown-none-elf.
let package = Package(
    name: "coreboot-payload",
    products: [.library(name: "Payload", type: .static, targets: ["Payload"])],
    dependencies: [.package(name: "sice", path: "..")],
    targets: [
        .target(
            name: "CPayload", dependencies: [.product(name: "CMachine", package: "sice")],
            cSettings: [.unsafeFlags(["-mgeneral-regs-only"])]),
        .target(
            name: "Payload",
            dependencies: ["CPayload"] + shared.map { .product(name: $0, package: "sice") },
            swiftSettings: rules),
    ]
)
