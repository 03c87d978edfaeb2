internal import Glibc

extension String {
    /// The C library's words for an `errno` value.
    public init(systemError number: Int32) {
        var text = [CChar](repeating: 0, count: 128)
        _ = unsafe strerror_r(number, &text, text.count)
        self = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
