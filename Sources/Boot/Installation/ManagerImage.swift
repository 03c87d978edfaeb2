import ByteIO
public import SICEABI

/// A checked header of the `sice/manager` file (``ManagerImageLayout``).
///
/// The file comes from the ROM, which is measured, not trusted: a broken one must stop the boot with an error,
/// never with half an SMRAM.
public struct ManagerImage: Equatable, Sendable {
    /// Bytes of the file, and of memory with the zeroed part that follows.
    public let fileSize: Int
    public let memorySize: Int
    /// `[0, textEnd)` is executable, `[textEnd, rodataEnd)` read-only, the rest writable.
    package let textEnd: Int
    package let rodataEnd: Int
    let entry: Int
    package let stub: Int
    package let stubSize: Int
    let stubParameters: Int
    package let handoff: Int

    /// Reads and checks the header. Throws `bootBadManagerImage`.
    public init(_ file: Span<UInt8>) throws(ErrorCode) {
        guard file.count >= ManagerImageLayout.size,
            file.littleEndian(at: ManagerImageLayout.magic, as: UInt64.self) == ManagerImageLayout.magicValue
        else { throw .bootBadManagerImage }
        fileSize = Self.field(file, ManagerImageLayout.fileSize)
        memorySize = Self.field(file, ManagerImageLayout.memorySize)
        textEnd = Self.field(file, ManagerImageLayout.textEnd)
        rodataEnd = Self.field(file, ManagerImageLayout.rodataEnd)
        entry = Self.field(file, ManagerImageLayout.entry64)
        stub = Self.field(file, ManagerImageLayout.stub)
        stubSize = Self.field(file, ManagerImageLayout.stubSize)
        stubParameters = Self.field(file, ManagerImageLayout.stubParameters)
        handoff = Self.field(file, ManagerImageLayout.handoff)
        guard hasConsistentSegments(fileBytes: file.count), hasConsistentStub, hasConsistentHandoff else {
            throw .bootBadManagerImage
        }
    }

    private static func field(_ file: Span<UInt8>, _ offset: Int) -> Int {
        Int(file.littleEndian(at: offset, as: UInt32.self))
    }

    private func hasConsistentSegments(fileBytes: Int) -> Bool {
        let page = Int(ABI.pageSize)
        return fileSize == fileBytes && fileSize <= ManagerImageLayout.maximumFileSize
            && memorySize <= ManagerImageLayout.maximumMemorySize
            && textEnd % page == 0 && rodataEnd % page == 0 && memorySize % page == 0
            && 0 < textEnd && textEnd <= rodataEnd && rodataEnd <= fileSize && fileSize <= memorySize
            && entry < textEnd
    }

    private var hasConsistentStub: Bool {
        stubSize <= Int(ABI.pageSize) && stub <= fileSize && stubSize <= fileSize - stub
            && stubParameters <= stubSize && StubParametersLayout.size <= stubSize - stubParameters
    }

    /// The handoff is written after the file's bytes, so it must lie in writable memory.
    private var hasConsistentHandoff: Bool {
        handoff % 8 == 0 && handoff >= rodataEnd && handoff <= memorySize
            && HandoffLayout.size <= memorySize - handoff
    }
}
