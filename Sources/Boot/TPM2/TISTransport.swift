public import SICEABI

/// Hands commands to a TPM through its FIFO interface, locality 0 (TCG PC Client Platform TPM Profile §6.5).
///
/// Every wait is bounded: a TPM that hangs or lies about its burst count costs seconds, never the machine.
public struct TISTransport<Hardware: TISHardware & ~Copyable>: ~Copyable, TPMTransport {
    private var hardware: Hardware

    /// Takes the registers and locality 0. Throws `bootNoTPM` when nothing answers.
    public init(_ hardware: consuming Hardware) throws(ErrorCode) {
        self.hardware = hardware
        let vendor = self.hardware.read32(TISRegister.vendor)
        guard vendor != 0, vendor != UInt32.max, self.hardware.read8(TISRegister.access) != UInt8.max else {
            throw .bootNoTPM
        }
        self.hardware.write8(TISRegister.access, AccessBit.request)
        guard wait(TISRegister.access, AccessBit.valid | AccessBit.active, Timeout.access) else {
            throw .bootNoTPM
        }
    }

    /// Sends one command and takes its answer. Throws `bootTPMFailed` when the TPM does not follow the
    /// protocol in time, `bufferTooSmall` when the answer does not fit. Afterwards the TPM is idle.
    public mutating func transmit(
        _ command: Span<UInt8>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) -> Int {
        hardware.write8(TISRegister.status, StatusBit.commandReady)
        guard wait(TISRegister.status, StatusBit.commandReady, Timeout.ready) else { throw .bootTPMFailed }
        try send(command)
        hardware.write8(TISRegister.status, StatusBit.go)
        guard wait(TISRegister.status, StatusBit.valid | StatusBit.dataAvailable, Timeout.command) else {
            throw .bootTPMFailed
        }
        let length = try receive(into: &response)
        hardware.write8(TISRegister.status, StatusBit.commandReady)
        return length
    }

    private mutating func send(_ command: Span<UInt8>) throws(ErrorCode) {
        var sent = 0
        while sent < command.count {
            let burst = try burstCount()
            for _ in 0..<min(burst, command.count - sent) {
                hardware.write8(TISRegister.fifo, command[sent])
                sent += 1
            }
        }
        guard wait(TISRegister.status, StatusBit.valid, Timeout.status),
            hardware.read8(TISRegister.status) & StatusBit.expect == 0
        else { throw .bootTPMFailed }
    }

    /// The answer's own header says how long it is (big-endian at offset 2); a length that does not fit is
    /// refused before a byte of the body is stored.
    private mutating func receive(into response: inout MutableSpan<UInt8>) throws(ErrorCode) -> Int {
        let headerSize = 10
        guard response.count >= headerSize else { throw .bufferTooSmall }
        try read(0..<headerSize, into: &response)
        var length = 0
        for index in 2..<6 { length = length << 8 | Int(response[index]) }
        guard length >= headerSize else { throw .bootTPMFailed }
        guard length <= response.count else { throw .bufferTooSmall }
        try read(headerSize..<length, into: &response)
        return length
    }

    private mutating func read(
        _ range: Range<Int>, into response: inout MutableSpan<UInt8>
    ) throws(ErrorCode) {
        var position = range.lowerBound
        while position < range.upperBound {
            guard wait(TISRegister.status, StatusBit.valid | StatusBit.dataAvailable, Timeout.status) else {
                throw .bootTPMFailed
            }
            let burst = try burstCount()
            for _ in 0..<min(burst, range.upperBound - position) {
                response[position] = hardware.read8(TISRegister.fifo)
                position += 1
            }
        }
    }

    /// How many bytes the FIFO takes or gives now: bits 23…8 of the status register.
    private mutating func burstCount() throws(ErrorCode) -> Int {
        for _ in 0..<(Timeout.burst / TISRegister.pollInterval) {
            let count =
                Int(hardware.read8(TISRegister.status + 1)) | Int(hardware.read8(TISRegister.status + 2)) << 8
            if count > 0 { return count }
            hardware.waitInterval()
        }
        throw .bootTPMFailed
    }

    /// Waits until all bits of `mask` are set.
    private mutating func wait(_ register: UInt32, _ mask: UInt8, _ microseconds: Int) -> Bool {
        for _ in 0..<(microseconds / TISRegister.pollInterval) {
            if hardware.read8(register) & mask == mask { return true }
            hardware.waitInterval()
        }
        return false
    }
}
