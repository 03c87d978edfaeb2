import ByteIO
import CBOR
import SICEABI

/// `report` and `reportKey`.
extension Manager where Machine: ~Copyable {
    mutating func copyReportKey(
        _ registers: HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard hasReportKey else { throw .noReportKey }
        let count = UInt64(ABI.publicKeySize)
        let target = try HostRange(address: registers.rcx, count: count, in: hostMemory)
        machine.copy(publicKey.span, to: target)
    }

    /// Writes a signed report on the environment and the caller's nonce.
    mutating func report(
        _ slot: Slot, _ registers: inout HostRegisters, machine: inout Machine
    ) throws(ErrorCode) {
        guard hasReportKey else { throw .noReportKey }
        let room = UInt64(ABI.maximumReportSize)
        guard registers.rdi >= room else { throw .bufferTooSmall }
        let source = try HostRange(address: registers.rdx, count: UInt64(ABI.nonceSize), in: hostMemory)
        let target = try HostRange(address: registers.rsi, count: room, in: hostMemory)
        var nonce = InlineArray<32, UInt8>(repeating: 0)
        var nonceBytes = nonce.mutableSpan
        machine.copy(source, into: &nonceBytes)
        // The host can move the local APIC's window at any time.
        posture[Int(PostureClaim.apicWindowClear.rawValue)] = machine.posture(.apicWindowClear).rawValue
        let length = try writeReport(slot, nonce: nonceBytes.span, to: target, machine: &machine)
        registers.rbx = UInt64(truncatingIfNeeded: length)
    }

    private mutating func writeReport(
        _ slot: Slot, nonce: Span<UInt8>, to target: HostRange, machine: inout Machine
    ) throws(ErrorCode) -> Int {
        var claims = InlineArray<1024, UInt8>(repeating: 0)
        var digest = InlineArray<32, UInt8>(repeating: 0)
        var digestBytes = digest.mutableSpan
        var signature = InlineArray<64, UInt8>(repeating: 0)
        var signatureBytes = signature.mutableSpan
        let length: Int
        do throws(ByteError) {
            var encoder = CBOREncoder(claims.mutableSpan)
            try encodeClaims(slot, nonce: nonce, into: &encoder, machine: machine)
            length = encoder.count
        } catch {
            throw .managerFault
        }
        let payload = claims.span.extracting(0..<length)
        do throws(ByteError) {
            try COSESign1.digest(of: payload, into: &digestBytes, machine: &machine)
        } catch {
            throw .managerFault
        }
        try machine.sign(digest: digestBytes.span, signature: &signatureBytes)
        return try write(payload, signature: signatureBytes.span, to: target, machine: &machine)
    }

    private mutating func write(
        _ payload: Span<UInt8>, signature: Span<UInt8>, to target: HostRange, machine: inout Machine
    ) throws(ErrorCode) -> Int {
        var message = InlineArray<2048, UInt8>(repeating: 0)
        let length: Int
        do throws(ByteError) {
            var encoder = CBOREncoder(message.mutableSpan)
            try COSESign1.encode(
                payload: payload, keyIdentifier: keyIdentifier.span, signature: signature, into: &encoder)
            length = encoder.count
        } catch {
            throw .managerFault
        }
        let part = try HostRange(
            address: target.address, count: UInt64(truncatingIfNeeded: length), in: hostMemory)
        machine.copy(message.span.extracting(0..<length), to: part)
        return length
    }
}
