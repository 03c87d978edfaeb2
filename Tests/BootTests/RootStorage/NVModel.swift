import RootStorage
import SICEABI
import TPM2

/// As much of a TPM as the root's commands see, without policies: it believes every session. What it is told to do wrong
/// no real TPM does on demand.
struct NVModel: TPMTransport {
    /// What goes wrong with a command: its answer's code, or an answer that is none.
    enum Fault {
        case code(UInt32)
        case malformed, silent
    }

    private static let session: UInt32 = 0x0300_0000
    private(set) var indices: [UInt32: [UInt8]] = [:]
    private(set) var contents: [UInt32: [UInt8]] = [:]
    private(set) var commands: [UInt32] = []
    private(set) var sessions = 0
    /// By place among all commands, and by command code.
    var faults: [Int: Fault] = [:]
    var faultsByCode: [UInt32: Fault] = [:]
    var missing: Set<UInt32> = []
    var locksReading = true
    var randomness: UInt8 = 0x5A

    mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        let command = command.indices.map { command[$0] }
        let code = number(command[6..<10])
        let fault = faults[commands.count] ?? faultsByCode[code]
        commands.append(code)
        let answer: [UInt8]
        switch fault {
        case .silent: throw .bootTPMFailed
        case .malformed: answer = [0x80, 0x01, 0, 0, 0, 11, 0, 0, 0, 0]
        case .code(let code): answer = BootTests.answer(code)
        case nil: answer = serve(code, command)
        }
        for (index, byte) in answer.enumerated() { response[index] = byte }
        return answer.count
    }

    private mutating func serve(_ code: UInt32, _ command: [UInt8]) -> [UInt8] {
        // A session ends with the command that it authorized.
        if command.count > 26, number(command[22..<26]) == Self.session { sessions -= 1 }
        let handles = command.dropFirst(10)
        let (first, second) = (number(handles.prefix(4)), number(handles.dropFirst(4).prefix(4)))
        switch code {
        case TPMCommandCode.nvReadPublic: return readPublic(first)
        case TPMCommandCode.nvDefineSpace: return define(command)
        case TPMCommandCode.nvWrite, TPMCommandCode.nvExtend: return write(second, command)
        case TPMCommandCode.nvWriteLock: return mark(second, NVAttributes.writeLocked)
        case TPMCommandCode.nvReadLock: return locksReading ? mark(second, NVAttributes.readLocked) : answer()
        case TPMCommandCode.nvRead: return sessionAnswer(sized(contents[second] ?? []))
        case TPMCommandCode.nvUndefineSpace: return undefine(second)
        case TPMCommandCode.nvUndefineSpaceSpecial: return undefine(first)
        case TPMCommandCode.startAuthSession:
            sessions += 1
            return answer(0, bytes(Self.session) + sized([UInt8](repeating: 1, count: 16)))
        case TPMCommandCode.flushContext:
            sessions -= 1
            return answer()
        case TPMCommandCode.policyGetDigest: return answer(0, sized([UInt8](repeating: 7, count: 32)))
        case TPMCommandCode.getRandom: return answer(0, sized([UInt8](repeating: randomness, count: 32)))
        case TPMCommandCode.getCapability: return capability(second)
        default: return answer()
        }
    }

    private func readPublic(_ index: UInt32) -> [UInt8] {
        guard let area = indices[index] else { return answer(0x18B) }
        return answer(0, sized(area) + sized([UInt8](repeating: 0, count: 34)))
    }

    private mutating func define(_ command: [UInt8]) -> [UInt8] {
        let position = 27 + 2 + Int(number(command[27..<29])) + 2
        let area = Array(command[position...])
        indices[number(area[..<4])] = area
        return answer()
    }

    private mutating func write(_ index: UInt32, _ command: [UInt8]) -> [UInt8] {
        let position = 22 + Int(number(command[18..<22]))
        let count = Int(number(command[position..<(position + 2)]))
        contents[index] = Array(command[(position + 2)...].prefix(count))
        return mark(index, NVAttributes.written)
    }

    private mutating func mark(_ index: UInt32, _ bit: UInt32) -> [UInt8] {
        guard var area = indices[index] else { return answer(0x28B) }
        area.replaceSubrange(6..<10, with: bytes(number(area[6..<10]) | bit))
        indices[index] = area
        return answer()
    }

    private mutating func undefine(_ index: UInt32) -> [UInt8] {
        guard indices.removeValue(forKey: index) != nil else { return answer(0x28B) }
        contents[index] = nil
        return answer()
    }

    private func capability(_ command: UInt32) -> [UInt8] {
        let found = missing.contains(command) ? command + 1 : command
        return answer(0, [0] + bytes(UInt32(2)) + bytes(UInt32(1)) + bytes(0x0200_0000 | found))
    }

    private func sessionAnswer(_ parameters: [UInt8]) -> [UInt8] {
        let body = bytes(UInt32(parameters.count)) + parameters + [0, 0, 1, 0, 0]
        return [0x80, 0x02] + bytes(UInt32(10 + body.count)) + bytes(UInt32(0)) + body
    }

    private func sized(_ value: [UInt8]) -> [UInt8] { bytes(UInt16(value.count)) + value }

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.reduce(0) { $0 << 8 | UInt32($1) } }
}

extension NVModel {
    /// What stays over a reset: no session, no read lock, no fault.
    func afterReset() -> NVModel {
        var model = self
        model.reset()
        return model
    }

    private mutating func reset() {
        (commands, sessions, faults, faultsByCode, locksReading) = ([], 0, [:], [:], true)
        indices = indices.mapValues { area in
            let attributes = number(area[6..<10]) & ~NVAttributes.readLocked
            return area[..<6] + bytes(attributes) + area[10...]
        }
    }
}
