public import DeviceModel
public import Diagnostics
public import GuestRunner
internal import LinuxSystem
internal import SICEABI
internal import SystemPackage

extension GuestServer: SliceClock {
    public func now() -> UInt64 { timer.now() }

    public func endSlice(at time: UInt64?) { timer.endSlice(at: time) }

    public func sleep(until time: UInt64?) {
        let end = [time, network?.nextRing].compactMap { $0 }.min()
        let present = now()
        let patience = end.map { $0 > present ? $0 - present : 0 }
        let files = console.files + [control.file, network?.fileToWaitFor]
        InputSignal.wait(for: files, nanoseconds: patience)
    }
}

extension GuestServer: ConsoleLink {
    public func input(limit: Int) -> [UInt8] {
        guard isNew(.console), let typed = console.input(limit: limit) else { return [] }
        // The next piece, or the next client, may be there already.
        expectMore(from: .console)
        return typed
    }

    public func output(_ bytes: [UInt8]) {
        print(bytes)
        console.output(bytes)
    }

    public func newWindowSize() -> WindowSize? { console.takeSize() }
}

extension GuestServer: ControlLink {
    public func request() -> GuestPlace? {
        guard isNew(.control), let place = control.request() else { return nil }
        // The next one may be there already.
        expectMore(from: .control)
        return place
    }

    public func answer(_ error: ToolError?) { control.answer(error) }

    public func waitForRequest() { InputSignal.wait(for: [control.file], nanoseconds: 1_000_000_000) }
}

extension GuestServer: NetworkLink {
    public func moveNetwork() -> NetworkNews {
        checkForInput()
        do throws(ErrorCode) { return try network?.move(now: now()) ?? .nothing } catch {
            network?.end(error)
            // Who reads the message finds no interface any more.
            network = nil
            StandardStreams.message(ToolError(error, "the guest's network has ended").message)
            return .nothing
        }
    }
}
