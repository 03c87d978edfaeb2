internal import ByteIO
internal import CorebootFormats
internal import LZMA
internal import SICEABI

extension SELFPayload {
    /// The most that a segment may hold that does not say how much: such a stream ends with a mark. cbfstool makes none.
    private static let limitWithoutLength: UInt64 = 256 << 20

    /// Expands each compressed segment as the boot does. Throws `bootPayloadDamaged`.
    func requireExpandable(_ file: [UInt8]) throws(ErrorCode) {
        for index in 0..<count where self[index].isCompressed {
            let segment = self[index]
            let input = file.span.extracting(segment.fileOffset..<(segment.fileOffset + segment.fileSize))
            // A segment may claim all RAM below 4 GiB; the decoder refuses a length that is more than its room.
            let length =
                input.count < LZMADecoder.headerSize
                ? 0 : min(input.littleEndian(at: 5, as: UInt64.self), Self.limitWithoutLength)
            var output = [UInt8](repeating: 0, count: Int(min(segment.memorySize, length)))
            var memory = output.mutableSpan
            _ = try LZMADecoder.expand(input, into: &memory)
        }
    }
}
