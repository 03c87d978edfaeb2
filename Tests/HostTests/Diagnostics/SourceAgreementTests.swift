import Diagnostics
import Foundation
import SICEABI
import Testing

/// Numbers that stand in Swift and, for assembly or C, a second time.
@Suite struct SourceAgreementTests {
    private func source(_ path: String) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        return try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The manager's image has it as the tools have it: by its one name.
    @Test func manager_isOfTheToolsVersion() throws {
        #expect(ToolVersion.current.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
        #expect(try source("smm/CManager/entry.S").matches(of: /\.ascii\s+SICE_VERSION\s/).count == 1)
        for path in [
            "smm/CManager/entry.S", "Sources/Host/Diagnostics/ToolVersion.swift", "tools/package",
        ] {
            #expect(try !source(path).contains(/\d+\.\d+\.\d+/), "\(path)")
        }
    }

    /// The newest release that the change log has is the one that programs say they are.
    @Test func changelog_hasThisRelease() throws {
        let heads = try source("CHANGELOG.md").matches(of: /(?m)^## (.*)$/).map { String($0.output.1) }
        #expect(heads.first == "Unreleased")
        #expect(heads.dropFirst().first?.hasPrefix("\(ToolVersion.current) - ") == true, "\(heads)")
    }

    /// The size of an inline array is a literal.
    @Test func postureValues_haveRoomForEveryClaim() {
        #expect(PostureValues(repeating: 0).count == PostureClaim.count)
        #expect(PostureClaim(rawValue: UInt8(PostureClaim.count - 1)) != nil)
        #expect(PostureClaim(rawValue: UInt8(PostureClaim.count)) == nil)
    }

    @Test func workloadSDK_hasEveryService() throws {
        let header = try source("smm/workloads/CWorkload/include/sice_workload.h")
        let list = try #require(header.firstMatch(of: /enum sice_service \{([^}]*)\}/)).output.1
        var numbers: [String: UInt64] = [:]
        for entry in list.matches(of: /SICE_([A-Z_]+) = (\d+),/) {
            numbers[String(entry.output.1).replacing("_", with: "")] = UInt64(entry.output.2)
        }
        let services = (0...63 as ClosedRange<UInt64>).compactMap(Service.init)
        #expect(!services.isEmpty)
        for service in services { #expect(numbers["\(service)".uppercased()] == service.rawValue) }
        #expect(numbers.count == services.count)
    }
}
