import RootStorage
import SICEABI
import TPM2
import Testing

/// Public areas, policies and Names are the same on every machine. The digests were measured on a software TPM, and are
/// computed here from bytes that the TCG's tables lead to.
@Suite struct RootIndexTests {
    private let set = RootIndexSet(0)

    @Test func root_isLockableAndNeedsItsPolicy() {
        #expect(
            marshalled(set.root)
                == "01400101 000b e2082801 0020 92928db300d5af56116a636da198dd9ee024e59bdedd4af90f6f4426aa90f0d9 0040"
                .hex)
    }

    @Test func policies_canBeDeletedByTheirOwnerOnly() {
        let policy = "f74a01f03eb9c2e3b2098dc4c4ecc068836b1fb698ff20cee2ae23b8a1220288"
        #expect(marshalled(set.policies.0) == "01400102 000b 62050404 0020 \(policy) 0022".hex)
        #expect(marshalled(set.policies.1) == "01400104 000b 62050404 0020 \(policy) 0022".hex)
    }

    @Test func history_isExtendedByItsOwnerOnly() {
        #expect(marshalled(set.history) == "01400103 000b 62040044 0000 0020".hex)
    }

    @Test func names_areThoseOfATPM() {
        #expect(
            bytes(set.policies.0.name)
                == "469540ea35ae740e54ed433289757363c62778a8b9cec091d185bafeeec97304".hex)
        #expect(
            bytes(set.policies.1.name)
                == "c4dc09767fe1a1e0406b8942b8917eedef19eb2a2f42e69fd405f6c17af42350".hex)
        #expect(
            bytes(set.history.name)
                == "d5cfe5227b45e948bd541ce91b6a7280c02bf1268c7b71f5a58f8bb3472bfd1a".hex)
    }

    /// The system's SHA-256 over the bytes that Part 3 says each command hashes: b1, b2, their OR, the two branches of R
    /// and their OR.
    @Test(.enabled(if: SystemSHA256.isInstalled, "needs sha256sum"))
    func policies_areThoseOfTheSystemsSHA256() throws {
        let zeros = String(repeating: "00", count: 32)
        let unwritten = try SystemSHA256.hash(
            try SystemSHA256.hash(zeros + "0000018f" + "00") + "0000016c" + "0000011f")
        #expect(unwritten == "1fee2386f573881838e6154586c0fbf6e7cf670ece8905b3f6c5d177d75ae732")
        let owned = try SystemSHA256.hash(
            try SystemSHA256.hash(zeros + "0000016b") + "0000016c" + "0000011f")
        #expect(owned == "422362aafa1f4346b159702a68c71e8e54c8f44ebc89507b29bd8f09b19c5c50")
        let deletion = try SystemSHA256.hash(zeros + "00000171" + unwritten + owned)
        #expect(bytes(try #require(set.policies.0.policy)) == deletion.hex)
        var branches = ""
        for (area, branch) in [(set.policies.0, set.branches.0), (set.policies.1, set.branches.1)] {
            let name = try SystemSHA256.hash(hexadecimal(marshalled(area)))
            #expect(bytes(area.name) == name.hex)
            let digest = try SystemSHA256.hash(zeros + "00000192" + "000b" + name)
            #expect(bytes(branch) == digest.hex)
            branches += digest
        }
        let opening = try SystemSHA256.hash(zeros + "00000171" + branches)
        #expect(bytes(try #require(set.root.policy)) == opening.hex)
    }

    @Test func sets_haveHandlesOfTheirOwn() {
        var handles: Set<UInt32> = []
        for number in 0..<RootIndexSet.count {
            let set = RootIndexSet(number)
            for area in [set.root, set.policies.0, set.policies.1, set.history] { handles.insert(area.index) }
        }
        #expect(handles == Set(0x0140_0101...0x0140_0120))
        #expect(bytes(RootIndexSet(1).policies.0.name) != bytes(set.policies.0.name))
        #expect(bytes(RootIndexSet(1).policies.0.policy!) == bytes(set.policies.0.policy!))
    }

    private func marshalled(_ area: NVPublicArea) -> [UInt8] {
        var storage = InlineArray<46, UInt8>(repeating: 0)
        let count = (try? area.store(in: storage.mutableSpan)) ?? 0
        return (0..<count).map { storage[$0] }
    }
}

@Suite struct NVPublicAreaTests {
    @Test func reject_missingRoom() {
        var storage = InlineArray<45, UInt8>(repeating: 0)
        #expect(
            throwing { () throws(ErrorCode) in _ = try RootIndexSet(0).root.store(in: storage.mutableSpan) }
                == .bufferTooSmall)
    }
}

func bytes(_ digest: InlineArray<32, UInt8>) -> [UInt8] { (0..<32).map { digest[$0] } }

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { (UInt16($0) + 0x100) }.map { String($0, radix: 16).dropFirst() }.joined()
}

extension String {
    /// Bytes of hexadecimal digits; spaces do not count.
    var hex: [UInt8] {
        let digits = compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
