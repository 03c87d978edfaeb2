/// What `smm/workloads/Checksum` computes, once more and independently of it.
enum CRC32 {
    /// The workload's answer, most significant byte first, in hexadecimal.
    static func answer(to input: String) -> String {
        let digits = String(of(input.utf8), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// IEEE 802.3.
    private static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder = UInt32.max
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0)
            }
        }
        return ~remainder
    }
}
