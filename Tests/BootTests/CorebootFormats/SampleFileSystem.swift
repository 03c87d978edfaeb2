import CorebootFormats

/// Builds a CBFS as cbfstool does: headers at multiples of 64, attributes between name and data.
struct SampleFileSystem {
    private(set) var bytes: [UInt8] = []

    mutating func add(
        _ name: String, type: UInt32 = CBFSType.raw, compression: UInt32? = nil, digest: [UInt8]? = nil,
        _ content: [UInt8]
    ) {
        while bytes.count % 64 != 0 { bytes.append(0xFF) }
        var text = Array(name.utf8) + [0]
        while text.count % 16 != 8 { text.append(0) }
        var attributes: [UInt8] = []
        if let compression {
            attributes = [0x42, 0x43, 0x5A, 0x4C, 0, 0, 0, 16]
            attributes += word(compression) + word(UInt32(content.count))
        }
        if let digest { attributes += Array("hsaH".utf8) + word(UInt32(44)) + word(UInt32(2)) + digest }
        let start = 24 + text.count
        bytes += Array("LARCHIVE".utf8)
        bytes += word(UInt32(content.count)) + word(type)
        bytes += word(attributes.isEmpty ? 0 : UInt32(start)) + word(UInt32(start + attributes.count))
        bytes += text + attributes + content
    }

    /// Erased flash.
    mutating func addSpace(_ count: Int) { bytes += [UInt8](repeating: 0xFF, count: count) }
}

/// An integer, most significant byte first.
func word<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).reversed().map { UInt8(truncatingIfNeeded: value >> T($0 * 8)) }
}
