internal import CProbe
internal import SICEABI

/// An environment that a test made.
struct Environment {
    let identifier: UInt64

    /// Creates and loads an image; the environment is `sealed`, or `runnable` when it declares no window.
    /// Throws the manager's own error, or `noManager` when nobody answered.
    init(_ image: GuestImage) throws(ErrorCode) {
        let created = Call(.create, image.address).sent()
        try Self.require(created)
        identifier = created.registers.rbx
        var page: UInt64 = 0
        while page < image.contentPages {
            let count = min(image.contentPages - page, ABI.maximumBatchPages)
            let source = image.address + (1 + page) * ABI.pageSize
            try Self.require(Call(.load, identifier, source, count).sent())
            page += count
        }
        try repeatUntilDone(.seal)
    }

    /// One that was made otherwise.
    init(existing identifier: UInt64) { self.identifier = identifier }

    /// Gives the core to the environment once.
    func run(_ input: UInt64 = 0) -> Call {
        Call(.run, identifier, input).sent()
    }

    /// Destroys the environment, batch by batch.
    func destroy() throws(ErrorCode) {
        try repeatUntilDone(.destroy)
    }

    /// `SEAL` and `DESTROY` ask to be called again while work is left; that never takes for ever.
    private func repeatUntilDone(_ command: Command) throws(ErrorCode) {
        for _ in 0..<1_000_000 {
            let answer = Call(command, identifier).sent()
            try Self.require(answer)
            if answer.registers.rbx == 0 { return }
        }
        throw .againLater
    }

    private static func require(_ call: Call) throws(ErrorCode) {
        guard call.error != 0 else { return }
        guard call.error != Call.noAnswer else { throw .noManager }
        throw ErrorCode(rawValue: UInt16(truncatingIfNeeded: call.error)) ?? .noManager
    }
}
