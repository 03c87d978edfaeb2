/// Memory of the machine below 4 GiB, which the bare programs map at its own address.
///
/// The one place where they make a span from a number. The caller vouches that the range is memory which nothing
/// else of the program uses; ranges come from the memory map, never from a guest or a file.
public enum PhysicalMemory {
    /// `count` bytes at `address`, writable.
    @unsafe
    @_lifetime(immortal)
    public static func writable(at address: UInt64, count: Int) -> MutableSpan<UInt8> {
        let start = unsafe UnsafeMutablePointer<UInt8>(bitPattern: UInt(address))
        let span = unsafe MutableSpan(_unsafeStart: start.unsafelyUnwrapped, count: count)
        return unsafe _overrideLifetime(span, copying: ())
    }

    /// `count` bytes at `address`, for reading.
    @unsafe
    @_lifetime(immortal)
    public static func readable(at address: UInt64, count: Int) -> Span<UInt8> {
        let start = unsafe UnsafePointer<UInt8>(bitPattern: UInt(address))
        let span = unsafe Span(_unsafeStart: start.unsafelyUnwrapped, count: count)
        return unsafe _overrideLifetime(span, copying: ())
    }
}

extension StaticString {
    /// The text's UTF-8 bytes, so that modules without unsafe code can take names without unsafe code of their own.
    public var bytes: Span<UInt8> {
        @_lifetime(immortal)
        get {
            let span = unsafe Span(_unsafeStart: utf8Start, count: utf8CodeUnitCount)
            return unsafe _overrideLifetime(span, copying: ())
        }
    }
}
