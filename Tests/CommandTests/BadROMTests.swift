import Fixtures
import Foundation
import SICEABI
import Testing

/// ROMs that are damaged: every command that reads one says what is wrong, ends with 65, and writes nothing.
@Suite struct BadROMTests {
    enum Damage: CaseIterable {
        case truncated, noFlashMap, areaOutside, noFileSystem, brokenHeader, brokenSignature, overlappingFiles
        case filesBehindTheEnd, bytesBehindTheEnd

        var error: ErrorCode {
            switch self {
            case .truncated: .romTruncated
            case .noFlashMap: .romNoFlashMap
            case .bytesBehindTheEnd: .romOversized
            case .areaOutside: .romAreaOutside
            case .noFileSystem: .romNoFileSystem
            case .brokenHeader, .brokenSignature, .overlappingFiles, .filesBehindTheEnd: .romFileSystemDamaged
            }
        }

        /// A ROM with a flash map at 0 and a CBFS at 0x1000; each file takes 128 bytes.
        var bytes: [UInt8] {
            var rom = SampleROM()
            switch self {
            case .areaOutside: rom.fileSystemSize = 0x3001
            case .noFileSystem: rom.areaName = "OTHER"
            default: break
            }
            var bytes = rom.bytes
            let (first, second) = (0x1000, 0x1080)
            switch self {
            case .truncated: bytes.removeLast()
            case .bytesBehindTheEnd: bytes += [0, 0]
            case .noFlashMap: bytes[0] = 0
            case .brokenHeader: bytes[second + 23] = 0xFF  // where the content starts
            case .brokenSignature: bytes[second] = 0
            case .overlappingFiles: bytes[first + 11] = 0x41  // ends one byte into the second header
            case .filesBehindTheEnd: bytes[second + 9] = 0x7F  // bits 16 to 23 of the size
            default: break
            }
            return bytes
        }
    }

    private static let commands = [
        ["flash", "--rom", "rom", "--out", "out", "--payload", "p", "--manager", "m"],
        ["unflash", "--rom", "rom", "--out", "out"], ["reference", "--rom", "rom", "--out", "out"],
        ["inspect", "rom"],
    ]

    @Test(arguments: Damage.allCases) func damagedROM_exits65AndWritesNothing(_ damage: Damage) throws {
        let workplace = try Workplace()
        try workplace.write(damage.bytes, to: "rom")
        for command in Self.commands {
            // What has no flash map may be an image just as well: `inspect` then says that it is neither.
            let code = damage == .noFlashMap && command[0] == "inspect" ? .imageBadMagic : damage.error
            let result = try workplace.attest(command)
            #expect(result.status == 65, "\(command)")
            #expect(result.errors.contains("SICE-E0\(code.rawValue): "), "\(command): \(result.errors)")
            #expect(result.output.isEmpty, "\(command)")
            #expect(try workplace.files == ["rom"], "\(command)")
        }
        #expect(try workplace.read("rom") == damage.bytes)
    }

    /// A cbfstool that is there and does not start says nothing about the ROM.
    @Test func programThatDoesNotStart_isNamed() throws {
        let workplace = try Workplace()
        var rom = SampleROM()
        rom.files.removeAll { $0.name.hasPrefix("sice/") }
        rom.files.append(("config", [1]))
        try workplace.write(rom.bytes, to: "rom")
        try workplace.write([1, 2], to: "cbfstool")
        let attest = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "sice-attest").path
        let script =
            "chmod +x cbfstool; PATH=.:$PATH exec \(attest) flash --rom rom --out out --payload p --manager m"
        let result = try workplace.run(URL(filePath: "/bin/sh"), ["-c", script])
        #expect(result.status == 70)
        #expect(result.errors.contains("SICE-E0932: ") && result.errors.contains("cannot be started"))
        #expect(try workplace.files == ["cbfstool", "rom"])
    }

    /// One byte more than the largest flash; the file takes no room on the disk.
    @Test func fileLargerThanAnyROM_exits65AndWritesNothing() throws {
        let workplace = try Workplace()
        try workplace.write([], to: "rom")
        let rom = try #require(FileHandle(forUpdatingAtPath: "\(workplace.folder)/rom"))
        try rom.truncate(atOffset: (64 << 20) + 1)
        for command in Self.commands where command[0] != "inspect" {
            let result = try workplace.attest(command)
            #expect(result.status == 65, "\(command)")
            #expect(result.errors.contains("SICE-E0909: "), "\(command): \(result.errors)")
            #expect(try workplace.files == ["rom"], "\(command)")
        }
    }

    @Test func missingROM_exits66AndWritesNothing() throws {
        let workplace = try Workplace()
        for command in Self.commands {
            let result = try workplace.attest(command)
            #expect(result.status == 66, "\(command)")
            #expect(result.errors.contains("SICE-E0901: "), "\(command): \(result.errors)")
            #expect(try workplace.files.isEmpty, "\(command)")
        }
    }
}
