import Foundation
import Testing

/// `ci/reproducible` in a repository of its own, with builds that only write a file.
@Suite struct ReproducibleScriptTests {
    private let place: Workplace
    private let products = ["manager.bin", "payload.elf", "bootblock.bin", "workloads/signer.image"]

    init() throws {
        place = try Workplace()
        try #require(try place.shell("git init -q .").status == 0)
        try place.copy("ci/reproducible")
        for name in ["smm", "coreboot-payload", "tools/rom", "smm/workloads"] {
            try place.put("#!/bin/sh\n", "\(name)/build")
        }
        let workloads = ["elf", "image", "measurement"].flatMap { kind in
            ["signer", "checksum"].map { "workloads/\($0).\(kind)" }
        }
        for name in products[..<3] + workloads { try place.put("the same", ".build-firmware/\(name)") }
        // One of the builds makes all products.
        try place.put(copying(from: ".build-firmware"), "smm/build")
    }

    /// A build that "makes" what lies in a folder of the repository where this began.
    private func copying(from folder: String, then more: String = ":") -> String {
        """
        #!/bin/sh
        for name in manager.bin payload.elf bootblock.bin workloads; do
            cp -r '\(place.folder)/\(folder)/'$name .build-firmware/
        done
        \(more)

        """
    }

    private func run(_ arguments: String...) throws -> Workplace.Result {
        try place.script("ci/reproducible", arguments)
    }

    private var secondFolderIsThere: Bool {
        FileManager.default.fileExists(atPath: place.folder + "/.build-firmware/again")
    }

    @Test func accept_sameBytes() throws {
        let result = try run()
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "reproducible: 9 products are the same bytes\n")
        #expect(!secondFolderIsThere)
        #expect(try run("--keep").status == 0)
        #expect(secondFolderIsThere)
    }

    /// Each product counts: one byte that depends on the folder is enough.
    @Test func reject_otherBytes() throws {
        for product in products {
            try place.put(
                copying(from: ".build-firmware", then: "pwd >.build-firmware/\(product)"), "smm/build")
            let result = try run()
            #expect(result.status == 1, "\(product)")
            #expect(result.errors.contains("\(product) differ"), "\(result.errors)")
        }
    }

    @Test func reject_failedBuildAndMissingProduct() throws {
        try place.put("#!/bin/sh\nexit 7\n", "tools/rom/build")
        #expect(try run().status == 7)
        try FileManager.default.removeItem(atPath: place.folder + "/.build-firmware/payload.elf")
        let result = try run()
        #expect(result.status == 66)
        #expect(result.errors.contains("payload.elf is missing"))
        #expect(try run("--other").status == 64)
    }
}
