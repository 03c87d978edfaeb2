import AttestClient
import Diagnostics
import Evidence
import EvidenceFormat
import Foundation
import OpenSSLCrypto
import ReportFormat
import SICEABI
import StrictJSON
import Testing

/// The whole machine: Debian as legacy host, programs in SMRAM, seen through HTTP and through its own console.
@Suite(
    .enabled(if: BootedMachine.isAskedFor, "\(BootedMachine.condition)"), .serialized, BootedMachine(),
    .timeLimit(.minutes(10)))
struct LegacyHostQEMUTests {
    let machine: BootedMachine.Access

    init() throws { machine = try #require(BootedMachine.current) }

    func environment(_ name: String) async throws -> UInt32 { try await machine.client.environment(name) }

    func call(_ name: String, _ operation: Int, _ bytes: [UInt8]) async throws -> [UInt8] {
        let identifier = try await environment(name)
        return try await machine.client.post(
            "/v1/call?environment=\(identifier)&operation=\(operation)", bytes: bytes)
    }

    /// Sizes around the window's, whose data part is 65,472 bytes.
    private static let sizes = [0, 1, 65_471, 65_472, 65_473, 130_944, 300_000]

    static func sample(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test(arguments: sizes)
    func sign_anySizeWithTheKeyInTheReport(_ count: Int) async throws {
        let point = try await call("signer", 1, [])
        let data = Self.sample(count)
        let signature = try await call("signer", 2, data)
        let key = try #require(PublicKey(p256Point: point))
        #expect(key.isValidSignature(signature, message: data))
        #expect(!key.isValidSignature(signature, message: data + [0]))
    }

    @Test func evidence_vouchesForTheKeyAndTheMeasurement() async throws {
        let point = try await call("signer", 1, [])
        let nonce = Self.sample(32)
        let identifier = try await environment("signer")
        let answer = try await machine.client.get(
            "/v1/evidence?nonce=\(Hex.encode(nonce))&environment=\(identifier)")
        let bundle = try EvidenceBundle(answer, path: "answer")
        let report = try SignedReport(bundle.report)
        #expect(report.isSigned(by: bundle.reportKey))
        #expect(report.claims.nonce == nonce)
        #expect(report.claims.workloadData == SHA256.hash(point) + [UInt8](repeating: 0, count: 32))
        let image = try InputFile.read(BootedMachine.product("workloads/signer.image"))
        #expect(report.claims.measurement == SHA256.hash(image))
        let manager = try InputFile.read(BootedMachine.product("manager.bin"))
        #expect(report.claims.managerDigest == SHA256.hash(manager))
    }

    @Test(arguments: sizes)
    func checksum_ofTheCProgramIsRight(_ count: Int) async throws {
        let data = Self.sample(count)
        #expect(try await call("checksum", 1, data) == Self.checksum(data))
    }

    /// The answer of the workload in C: CRC-32, most significant byte first.
    static func checksum(_ bytes: [UInt8]) -> [UInt8] {
        let sum = crc32(bytes)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 0 ? 0 : 0xEDB8_8320) }
        }
    }

    @Test func interleave_callsOfTwoEnvironments() async throws {
        let key = try #require(PublicKey(p256Point: try await call("signer", 1, [])))
        for count in 1...5 {
            let data = Self.sample(count)
            let signature = try await call("signer", 2, data)
            #expect(try await call("checksum", 1, data).count == 4)
            #expect(key.isValidSignature(signature, message: data))
        }
    }

    /// Calls from each core, and a log so long that its oldest entries are gone: the rest still leads to the head
    /// that the report signs.
    @Test func evidence_coversALogThatLostItsStart() async throws {
        for round in 0..<50 {
            let answer = try machine.console.run(
                "taskset \(1 + round % 2) sice create /images/checksum.image >/tmp/id"
                    + " && printf 123456789 | taskset \(2 - round % 2) sice call $(cat /tmp/id) --operation 1"
                    + " --direct --input - | od -An -tx1 && sice destroy $(cat /tmp/id)")
            #expect(answer.text == " cb f4 39 26")
        }
        let identifier = try await environment("signer")
        let answer = try await machine.client.get(
            "/v1/evidence?nonce=\(Hex.encode(Self.sample(32)))&environment=\(identifier)")
        let bundle = try EvidenceBundle(answer, path: "answer")
        let claims = try SignedReport(bundle.report).claims
        let log = try RuntimeLog(bundle.runtimeLog, base: bundle.runtimeLogBase)
        #expect(log.entries.count == ABI.logCapacity)
        #expect(log.entries.last.map { $0.sequence + 1 } == claims.logCount)
        #expect(claims.logCount > UInt64(ABI.logCapacity))
        #expect(log.head == claims.logHead)
    }

    /// What `sice` says to bad input, with its exit status; the list of environments stays as it was.
    @Test func reject_badInputByTypeAndStatus() throws {
        let console = machine.console
        let before = try console.run("sice list | cut -d' ' -f1,3").text
        let signer = "$(sice list | awk '/signer/ { print $1 }')"
        let nonce = String(repeating: "ab", count: 32)
        let cases: [(String, ErrorCode)] = [
            ("sice create /nonexistent", .fileMissing), ("sice create /init", .imageTruncated),
            ("sice create /bin/busybox", .imageBadMagic),
            ("head -c 4095 /images/signer.image | sice create -", .imageTruncated),
            ("head -c 20000 /images/signer.image | sice create -", .imageTruncated),
            ("cat /images/signer.image /init | sice create -", .imageOversized),
            ("sice destroy 4711", .noSuchEnvironment), ("sice run 4711", .noSuchEnvironment),
            ("sice call 4711 --operation 1", .noSuchEnvironment),
            ("sice call \(signer) --operation 99", .workloadFailed),
            ("sice call \(signer) --operation 1 --input /nonexistent", .fileMissing),
            ("sice call \(signer) --operation 1 --output /proc/x/y", .outputFailed),
            ("sice report \(signer) --nonce 00 --output /tmp/r", .invalidArgument),
            ("sice report 4711 --nonce \(nonce) --output /tmp/r", .noSuchEnvironment),
            ("siced --port 8080", .portInUse), ("sice serve", .serveIsADaemon),
        ]
        for (command, error) in cases {
            let answer = try console.run(command)
            #expect(answer.text.contains("error: \(error.name):"), "\(command): \(answer.text)")
            #expect(answer.status == Int(error.description.exitStatus), "\(command)")
        }
        #expect(try console.run("sice call 1").status == 64)
        #expect(try console.run("test -e /tmp/r").status == 1)
        #expect(try console.run("sice list | cut -d' ' -f1,3").text == before)
    }

    /// Through root's socket and past it, the same.
    @Test func list_byTheDaemonAndAlone() throws {
        #expect(try machine.console.run("stat -c %a /run/sice/siced; test -S /run/sice/siced").text == "600")
        let (served, alone) = (
            try machine.console.run("sice list"), try machine.console.run("sice list --direct")
        )
        #expect(served.text == alone.text && served.text.contains("signer"), "\(served.text)")
        let daemon = "kill -STOP $(pidof siced); timeout 5 sice info; echo $?; kill -CONT $(pidof siced)"
        let hanging = try machine.console.run(daemon).text
        #expect(hanging.hasSuffix("143"), "\(hanging)")
        #expect(try machine.console.run("sice info && sice info --direct").status == 0)
    }

    /// Who fills a pipe may take his time, while others use the manager.
    @Test func list_whileACallAndACreationWaitForTheirInput() throws {
        let script = """
            cd /tmp; mkfifo silent; sleep 1000 >silent & sleeper=$!
            id=$(sice list | awk "/checksum/ { print \\$1; exit }")
            sice call $id --operation 1 --input - --output sum <silent & caller=$!
            sice create - <silent >created 2>&1 & creator=$!
            usleep 500000
            sice list >/dev/null && kill -0 $caller && kill -0 $creator && kill $sleeper && wait $caller
            echo status=$? bytes=$(wc -c <sum); wait $creator; echo status=$?; rm silent sum
            """
        let line = script.replacing("\n", with: "; ")
        let answer = try machine.console.run("sh -c '\(line)'")
        #expect(answer.text.contains("status=0 bytes=4"), "\(answer.text)")
        #expect(answer.text.contains("status=65"), "\(answer.text)")
    }

    @Test func destroy_freesPagesAndWindowForTheNext() throws {
        let console = machine.console
        let count = try console.run("sice list | wc -l").text
        for _ in 0..<3 {
            let identifier = try console.run("sice create /images/checksum.image").text
            let sum = try console.run(
                "printf 123456789 | sice call \(identifier) --operation 1 --input - | od -An -tx1")
            #expect(sum.text == " cb f4 39 26")
            #expect(try console.run("sice destroy \(identifier)").status == 0)
        }
        #expect(try console.run("sice list | wc -l").text == count)
    }

    @Test func report_byTheCommandIsTheManagersOwn() throws {
        let nonce = String(repeating: "cd", count: 32)
        let answer = try machine.console.run(
            "sice report $(sice list | awk '/signer/ { print $1 }') --nonce \(nonce) --output /tmp/report"
                + " && base64 /tmp/report")
        let encoded = answer.text.replacingOccurrences(of: "\n", with: "")
        let report = try SignedReport(try #require(Base64.decode(encoded)))
        #expect(report.claims.nonce == [UInt8](repeating: 0xCD, count: 32))
        #expect(report.claims.imageName == "signer")
    }

    /// Root of the legacy host, on either core, reads nothing but ones from SMRAM: 64 MiB below 2 GiB.
    @Test(arguments: [1, 2])
    func read_onesFromSMRAMAsRoot(_ mask: Int) throws {
        let answer = try machine.console.run(
            "for i in $(seq 0 63); do taskset \(mask) devmem $((0x7C000000 + i * 0x100000 + i * 4)) 32; done"
                + " | sort | uniq -c")
        #expect(answer.text.split(separator: " ") == ["64", "0xFFFFFFFF"])
    }

    /// Other values at the port raise SMIs too, and so does ours without the magic in RAX; nothing comes of it.
    @Test func ignore_whatIsNotForTheManager() throws {
        let before = try machine.console.run("sice list --format json").text
        let answer = try machine.console.run("/tests/write-port 0x01 0x40 0xC5 0xFF")
        #expect(answer.status == 0)
        #expect(try machine.console.run("sice list --format json").text == before)
    }

    @Test func find_tableThatIaslAccepts() throws {
        let answer = try machine.console.run(
            "for t in /sys/firmware/acpi/tables/UEFI*; do grep -q SICECOMM $t && base64 $t; done")
        let encoded = answer.text.replacingOccurrences(of: "\n", with: "")
        let file = machine.folder.appending(path: "table.dat")
        try Data(try #require(Base64.decode(encoded))).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["iasl", "-d", file.path]
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(!complaints.contains("rror") && !complaints.contains("arning"), "\(complaints)")
    }
}
