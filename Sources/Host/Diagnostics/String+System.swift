internal import SystemPackage

extension String {
    /// The C library's words for an `errno` value.
    public init(systemError number: Int32) { self = Errno(rawValue: number).description }
}
