import RootStorage
import SICEABI
import TPM2
import Testing

/// What openRoot says when a TPM fails, and that it never gives a root then.
@Suite struct RootErrorTests {
    private static let entropy = [UInt8](repeating: 3, count: 64)

    /// A TPM after its first boot, at the next.
    private static func used() throws -> NVModel {
        var client = TPMClient(NVModel())
        let root = try client.openRoot(entropy: entropy.span)
        #expect(root.isFresh && !root.isHistoryLost && root.set == 0)
        return client.transport.afterReset()
    }

    private static func open(_ model: NVModel, _ entropy: [UInt8] = entropy) -> (ErrorCode?, NVModel) {
        var client = TPMClient(model)
        do throws(ErrorCode) {
            _ = try client.openRoot(entropy: entropy.span)
            return (nil, client.transport)
        } catch { return (error, client.transport) }
    }

    @Test func secondBoot_readsTheSame() throws {
        var client = TPMClient(try Self.used())
        let root = try client.openRoot(entropy: Self.entropy.span)
        #expect(!root.isFresh)
        let stored = try #require(client.transport.contents[0x0140_0101])
        #expect((0..<32).map { root.root[$0] } + (0..<32).map { root.authValue[$0] } == stored)
        #expect(root.root[0] != root.authValue[0] || root.root[1] != root.authValue[1])
    }

    /// The buffers lie in memory that the next program gets.
    @Test func secrets_doNotStayInTheBuffers() throws {
        for model in [NVModel(), try Self.used()] {
            var client = TPMClient(model)
            _ = try client.openRoot(entropy: Self.entropy.span)
            var isZero = true
            let bytes = client.commandBytes
            for index in bytes.indices where bytes[index] != 0 { isZero = false }
            #expect(isZero)
        }
    }

    @Test func commands_ofAnOrdinaryBoot() throws {
        let (error, model) = Self.open(try Self.used())
        #expect(error == nil)
        #expect(model.sessions == 0)
        #expect(model.commands.count <= 20)
        #expect(!model.commands.contains(TPMCommandCode.nvWrite))
    }

    @Test func reject_lockThatFails() throws {
        for fault in [NVModel.Fault.code(0x101), .code(0x99D), .malformed, .silent] {
            var model = try Self.used()
            model.faultsByCode[TPMCommandCode.nvReadLock] = fault
            #expect(Self.open(model).0 == .rootNotLocked)
        }
    }

    @Test func reject_lockThatDoesNotHold() throws {
        var model = try Self.used()
        model.locksReading = false
        #expect(Self.open(model).0 == .rootNotLocked)
        var first = NVModel()
        first.locksReading = false
        #expect(Self.open(first).0 == .rootNotLocked)
    }

    @Test func reject_rootThatWasReadAlready() throws {
        var model = try Self.used()
        model.faultsByCode[TPMCommandCode.nvRead] = .code(0x148)
        #expect(Self.open(model).0 == .rootLocked)
    }

    /// 0x084: another policy. 0x083, 0x09A: P holds nonsense; 0x14A: nothing.
    @Test(arguments: [0x084, 0x083, 0x09A, 0x14A] as [UInt32])
    func reject_otherFirmware(code: UInt32) throws {
        var model = try Self.used()
        model.faultsByCode[TPMCommandCode.policyAuthorizeNV] = .code(code)
        let (error, after) = Self.open(model)
        #expect(error == .rootRefused)
        #expect(after.indices == model.indices && after.contents == model.contents)
        #expect(after.sessions == 0)
    }

    /// What says nothing about P's contents is a failure: platform closed, index gone, TPM in failure mode.
    @Test(arguments: [0x185, 0x28B, 0x101] as [UInt32])
    func reject_authorizationThatFailed(code: UInt32) throws {
        var model = try Self.used()
        model.faultsByCode[TPMCommandCode.policyAuthorizeNV] = .code(code)
        #expect(Self.open(model).0 == .rootFailed)
    }

    @Test(arguments: [
        TPMCommandCode.policyAuthorizeNV, TPMCommandCode.policyNVWritten,
        TPMCommandCode.nvUndefineSpaceSpecial,
    ])
    func reject_oldTPM(command: UInt32) throws {
        var model = NVModel()
        model.missing = [command]
        let (error, after) = Self.open(model)
        #expect(error == .rootUnsupported)
        #expect(after.indices.isEmpty)
        var used = try Self.used()
        used.faultsByCode[TPMCommandCode.policyAuthorizeNV] = .code(0x143)
        #expect(Self.open(used).0 == .rootUnsupported)
    }

    @Test func reject_fullTPM() {
        var model = NVModel()
        model.faultsByCode[TPMCommandCode.nvDefineSpace] = .code(0x14B)
        #expect(Self.open(model).0 == .rootNoPlace)
    }

    @Test(
        arguments: [[], [3], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 3, count: 65)] as [[UInt8]])
    func reject_missingEntropy(entropy: [UInt8]) {
        let (error, after) = Self.open(NVModel(), entropy)
        #expect(error == .noEntropy)
        #expect(after.indices.isEmpty)
    }

    @Test func reject_TPMWithoutRandomness() {
        var model = NVModel()
        model.faultsByCode[TPMCommandCode.getRandom] = .code(0)
        #expect(Self.open(model).0 == .rootFailed)
    }

    /// Each source alone changes both halves.
    @Test func contents_needBothSources() throws {
        var found: Set<[UInt8]> = []
        for (randomness, entropy) in [(1, 1), (1, 2), (2, 1)] as [(UInt8, UInt8)] {
            var model = NVModel()
            model.randomness = randomness
            let after = Self.open(model, [UInt8](repeating: entropy, count: 64)).1
            let contents = try #require(after.contents[0x0140_0101])
            found.insert(Array(contents[..<32]))
            found.insert(Array(contents[32...]))
        }
        #expect(found.count == 6)
    }

    /// No fault at any command of a first or a later boot gives a root that is not right, or leaves a session; the boot
    /// after it has one.
    @Test(arguments: [NVModel.Fault.code(0x101), .malformed, .silent])
    func survive_faultAtAnyCommand(fault: NVModel.Fault) throws {
        for start in [NVModel(), try Self.used()] {
            let count = Self.open(start).1.commands.count - start.commands.count
            for place in 0..<count {
                var model = start
                model.faults[start.commands.count + place] = fault
                let (error, after) = Self.open(model)
                // What a flush answers changes nothing.
                let isFlush = after.commands[start.commands.count + place] == TPMCommandCode.flushContext
                let expected: [ErrorCode?] = isFlush ? [nil, .rootFailed] : [.rootFailed, .rootNotLocked]
                #expect(expected.contains(error), "command \(place): \(String(describing: error))")
                #expect(isFlush || after.sessions == 0, "command \(place)")
                let (later, _) = Self.open(after.afterReset())
                #expect(later == nil, "after command \(place): \(String(describing: later))")
            }
        }
    }
}
