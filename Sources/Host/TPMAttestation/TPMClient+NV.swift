internal import Bytes
internal import SICEABI
internal import TPM2

extension TPMClient where Transport: ~Copyable {
    /// Size in bytes of what an NV index holds (TPM2_NV_ReadPublic, Part 3 §31.6).
    mutating func sizeOfNV(_ index: UInt32) throws(ErrorCode) -> Int {
        var builder = try TPMCommandBuilder(TPMCommandCode.nvReadPublic, in: commandBytes)
        try builder.append(index)
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt16.self)  // size of TPM2B_NV_PUBLIC
        guard try response.read(UInt32.self) == index else { throw .tpmCommandFailed }
        _ = try response.read(UInt16.self)  // nameAlg
        _ = try response.read(UInt32.self)  // attributes
        _ = try response.readSized()  // authPolicy
        return Int(try response.read(UInt16.self))
    }

    /// All of an NV index that is readable with its own, empty authorization (TPM2_NV_Read, Part 3 §31.13), in
    /// pieces that any TPM takes.
    mutating func readNV(_ index: UInt32) throws(ErrorCode) -> [UInt8] {
        let size = try sizeOfNV(index)
        var contents: [UInt8] = []
        while contents.count < size {
            let piece = try readNV(index, at: contents.count, count: min(512, size - contents.count))
            guard !piece.isEmpty else { throw .tpmCommandFailed }
            contents += piece
        }
        return contents
    }

    private mutating func readNV(_ index: UInt32, at offset: Int, count: Int) throws(ErrorCode) -> [UInt8] {
        var builder = try TPMCommandBuilder(TPMCommandCode.nvRead, tag: TPMTag.sessions, in: commandBytes)
        try builder.append(index)
        try builder.append(index)
        try builder.appendEmptyPassword()
        try builder.append(UInt16(count))
        try builder.append(UInt16(offset))
        let length = try builder.finish()
        var response = try execute(length)
        _ = try response.read(UInt32.self)  // parameterSize
        return [UInt8](try response.readSized())
    }
}
