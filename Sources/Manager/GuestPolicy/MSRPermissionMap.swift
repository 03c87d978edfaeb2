/// The MSR permission map of Linux guests (AMD64 APM volume 2, §15.11): two bits a register, 1 for an exit.
public enum MSRPermissionMap {
    public static let size = 8192
    /// First register of each part of 2 KiB; registers outside all parts exit always.
    private static let parts: InlineArray<3, UInt32> = [0, 0xC000_0000, 0xC001_0000]
    private static let registersPerPart: UInt32 = 0x2000

    /// Writes ``size`` bytes: reading and writing of the guest's own registers passes, nothing else.
    public static func store(into map: inout MutableSpan<UInt8>) {
        for index in 0..<map.count { map[index] = 0xFF }
        for part in 0..<parts.count {
            for offset in 0..<registersPerPart where MSRPolicy.rule(parts[part] &+ offset) == .own {
                let byte = part &* 2048 &+ Int(offset / 4)
                guard byte < map.count else { continue }
                map[byte] &= ~(3 << UInt8(truncatingIfNeeded: offset % 4 &* 2))
            }
        }
    }
}
