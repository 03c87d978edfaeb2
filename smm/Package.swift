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
func root(_ name: String) -> Target.Dependency { .product(name: name, package: "sice") }

/// The security manager: the Machine ring under `ManagerCore`. Built by `smm/build`, for SMRAM only.
let package = Package(
    name: "smm",
    products: [.library(name: "SecurityManager", type: .static, targets: ["SecurityManager"])],
    dependencies: [.package(name: "sice", path: "..")],
    targets: [
        .target(
            name: "CManager", dependencies: [root("CMachine"), root("CMemory")],
            cSettings: [
                .unsafeFlags([
                    "-mgeneral-regs-only", "-I\(Context.packageDirectory)/Sources/CManager/libc",
                    "-I\(Context.packageDirectory)/../.build-firmware/bearssl/inc",
                    "-ffile-prefix-map=\(Context.packageDirectory)=smm",
                ])
            ]),
        .target(
            name: "SecurityManager",
            dependencies: [
                "CManager", root("CMachine"), root("SICEABI"), root("ByteIO"), root("GuestPolicy"),
                root("ManagerCore"),
                root("SVM"),
            ],
            swiftSettings: rules),
    ]
)
