import SICEABI
import TPM2
import Testing

@Suite struct TISTransportTests {
    private let answer: [UInt8] = [0x80, 0x01, 0, 0, 0, 14, 0, 0, 0, 0, 1, 2, 3, 4]

    private func transmit(_ model: TISModel, room: Int = 64) throws -> [UInt8] {
        var transport = try TISTransport(model)
        let command: [UInt8] = Array(0..<23)
        var response = [UInt8](repeating: 0, count: room)
        var output = response.mutableSpan
        let length = try transport.transmit(command.span, into: &output)
        return Array(response[..<length])
    }

    @Test(arguments: [1, 7, 64]) func exchangesInBursts(burst: Int) throws {
        let log = TISModel.Log()
        var model = TISModel(answer: answer, log: log)
        model.burst = burst
        #expect(try transmit(model) == answer)
        #expect(log.commands == [Array(0..<23)])
        #expect(log.endedIdle)
    }

    @Test(arguments: [TISModel.Fault.absent, .neverActive]) func reject_missingTPM(fault: TISModel.Fault) {
        #expect(throws: ErrorCode.bootNoTPM) {
            try transmit(TISModel(answer: answer, fault: fault, log: TISModel.Log()))
        }
    }

    @Test(arguments: [TISModel.Fault.neverReady, .zeroBurst, .expectsMore, .neverAnswers, .stopsInAnswer])
    func reject_hangingTPM(fault: TISModel.Fault) {
        let log = TISModel.Log()
        #expect(throws: ErrorCode.bootTPMFailed) {
            var model = TISModel(answer: answer, fault: fault, log: log)
            model.burst = 1
            return try transmit(model)
        }
        #expect(log.intervals * TISRegister.pollInterval <= 30_000_000)
    }

    @Test func reject_answerLargerThanRoom() {
        #expect(throws: ErrorCode.bufferTooSmall) {
            try transmit(TISModel(answer: answer, log: TISModel.Log()), room: 13)
        }
    }

    @Test func reject_answerShorterThanItsHeader() {
        var short = answer
        short[5] = 9
        #expect(throws: ErrorCode.bootTPMFailed) {
            try transmit(TISModel(answer: short, log: TISModel.Log()))
        }
    }
}
