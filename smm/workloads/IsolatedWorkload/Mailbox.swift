internal import CWorkload
public import SICEABI

/// One piece of a request, already copied out of the window except for its data.
public struct Chunk {
    /// What to do; the program's own numbers.
    public let operation: UInt32
    /// First piece of a request.
    public let isFirst: Bool
    /// Last piece: answer it.
    public let isLast: Bool
    /// Bytes of data; the window holds that many.
    public let length: Int
}

/// A window with the mailbox protocol (``SICEABI/MailboxLayout``): requests of any size, streamed.
public struct Mailbox {
    private var mailbox: sice_mailbox

    /// Takes the window with this index. Throws `windowNotDeclared` when the image has none.
    public init(window index: UInt64) throws(ErrorCode) {
        mailbox = sice_mailbox()
        try Services.check(unsafe sice_mailbox_open(&mailbox, index))
    }

    /// Hands the last chunk back to the host and waits for the next one.
    public mutating func next() -> Chunk {
        let chunk = unsafe sice_mailbox_next(&mailbox)
        return Chunk(
            operation: chunk.operation, isFirst: chunk.flags & MailboxFlags.begin != 0,
            isLast: chunk.flags & MailboxFlags.end != 0, length: Int(chunk.length))
    }

    /// Copies `count` bytes of the chunk's data to the start of `bytes`: once, because the host may change
    /// them at any time. Throws `invalidArgument` outside the window or the output.
    public mutating func read(
        _ count: Int, at offset: Int, into bytes: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        guard let offset = UInt32(exactly: offset), count >= 0, count <= bytes.count else {
            throw .invalidArgument
        }
        let done = unsafe bytes.withUnsafeMutableBufferPointer {
            unsafe sice_mailbox_read(&mailbox, offset, $0.baseAddress, count)
        }
        guard done != 0 else { throw .invalidArgument }
    }

    /// Writes an answer: a status (0 is fine) and data. Throws `bufferTooSmall` when the window has no room.
    public mutating func answer(status: UInt32 = 0, _ data: Span<UInt8>) throws(ErrorCode) {
        guard let size = UInt32(exactly: data.count) else { throw .bufferTooSmall }
        let done = unsafe data.withUnsafeBufferPointer {
            unsafe sice_mailbox_answer(&mailbox, status, $0.baseAddress, size)
        }
        guard done != 0 else { throw .bufferTooSmall }
    }

    /// Answers with a status only.
    public mutating func answer(status: UInt32) throws(ErrorCode) {
        try answer(status: status, Span())
    }
}
