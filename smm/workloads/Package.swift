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
let generalRegistersOnly: [CSetting] = [.unsafeFlags(["-mgeneral-regs-only"])]
/// BearSSL's headers are where `tools/bearssl` puts them; they need the four functions of `string.h`.
let bearSSL: [SwiftSetting] = [
    .unsafeFlags([
        "-Xcc", "-I\(Context.packageDirectory)/../../.build-firmware/bearssl/inc",
        "-Xcc", "-I\(Context.packageDirectory)/Sources/CBearSSL/libc",
    ])
]

/// Programs for isolated environments and the SDK they are written with. Built by `smm/workloads/build`.
let package = Package(
    name: "workloads",
    products: [
        .library(name: "Signer", type: .static, targets: ["Signer"]),
        .library(name: "Checksum", type: .static, targets: ["Checksum"]),
    ],
    dependencies: [.package(name: "sice", path: "../..")],
    targets: [
        // The SDK for C programs, and the entry point and services under the Swift one.
        .target(name: "CWorkload", cSettings: generalRegistersOnly),
        // The SDK for Swift programs.
        .target(
            name: "IsolatedWorkload",
            dependencies: ["CWorkload", .product(name: "SICEABI", package: "sice")], swiftSettings: rules),
        .systemLibrary(name: "CBearSSL"),
        .target(
            name: "Signer",
            dependencies: ["IsolatedWorkload", "CBearSSL", .product(name: "SICEABI", package: "sice")],
            swiftSettings: rules + bearSSL),
        .target(
            name: "Checksum", dependencies: ["CWorkload"], publicHeadersPath: ".",
            cSettings: generalRegistersOnly),
    ]
)
