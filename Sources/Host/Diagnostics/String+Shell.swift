extension String {
    /// As a shell's word, for a person who copies it: quoted where it holds more than letters, digits and `-_./`.
    public var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            Character(Unicode.Scalar(byte)).isLetter && byte < 0x80 || (0x30...0x39).contains(byte)
                || "-_./".utf8.contains(byte)
        }
        guard !isPlain || isEmpty else { return self }
        return "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
