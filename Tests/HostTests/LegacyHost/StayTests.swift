import CSMICall
import Testing

/// Where a thread stays while it calls the manager, and what it has again afterwards.
struct StayTests {
    /// The CPUs that the calling thread may use.
    private func permitted() -> [UInt64] {
        var words = [UInt64](repeating: 0, count: 16)
        let status = unsafe words.withUnsafeMutableBufferPointer {
            unsafe sice_permitted_cpus($0.baseAddress!)
        }
        #expect(status == 0)
        return words
    }

    @Test func stay_andGoWhereItMightBefore() {
        let before = permitted()
        #expect(before.contains { $0 != 0 })
        #expect(sice_stay_on_core() == 0)
        let home = Int(sice_home())
        var one = [UInt64](repeating: 0, count: 16)
        one[home / 64] = 1 << UInt64(home % 64)
        #expect(permitted() == one)
        // Again, as after Linux moved it: what it might use before is not forgotten.
        #expect(sice_stay_on_core() == 0)
        sice_use_any_core()
        #expect(permitted() == before)
        #expect(sice_home() == -1)
    }
}
