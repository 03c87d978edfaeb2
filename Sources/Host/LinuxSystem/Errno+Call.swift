internal import Glibc
public import SystemPackage

/// Passes on what a system call returned, unless it failed.
@discardableResult
func checked<Number: SignedInteger>(_ result: Number) throws(Errno) -> Number {
    guard result >= 0 else { throw Errno(rawValue: errno) }
    return result
}

/// Runs what swift-system throws without a type; it throws nothing but this one.
func typed<Result>(_ body: () throws -> Result) throws(Errno) -> Result {
    do { return try body() } catch { throw (error as? Errno) ?? .ioError }
}

extension Errno {
    /// Of a file that does not wait, or of a call that a signal interrupted: it may be tried again.
    public var isTransient: Bool { self == .resourceTemporarilyUnavailable || self == .interrupted }
}
