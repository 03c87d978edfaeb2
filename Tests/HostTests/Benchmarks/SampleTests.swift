import Benchmarks
import Testing

/// Values that were computed by hand.
@Suite struct SampleTests {
    @Test func odd_count() throws {
        let sample = try #require(Sample([40, 10, 20, 50, 30]))
        #expect(sample.values == [10, 20, 30, 40, 50])
        #expect(sample.least == 10 && sample.mean == 30 && sample.median == 30)
        #expect(sample.quartiles == 20...40)
    }

    /// Between two values, quartiles are nearer to one of them.
    @Test func even_count() throws {
        let sample = try #require(Sample([1, 2, 4, 8]))
        #expect(sample.median == 3 && sample.mean == 3.75)
        #expect(sample.quartiles == 1.75...5)
        #expect(sample.quantile(0) == 1 && sample.quantile(1) == 8)
        #expect(sample.quantile(0.875) == 6.5)
    }

    @Test func one_value() throws {
        let sample = try #require(Sample([7]))
        #expect(sample.median == 7 && sample.quartiles == 7...7 && sample.count == 1)
    }

    @Test func outside_ofAllParts() throws {
        let sample = try #require(Sample([1, 2]))
        #expect(sample.quantile(-1) == 1 && sample.quantile(2) == 2)
    }

    @Test(arguments: [[], [1, .nan], [.infinity]] as [[Double]])
    func reject_noNumbers(_ values: [Double]) { #expect(Sample(values) == nil) }

    @Test func overhead_inPercent() {
        #expect(150.0.overhead(over: 100) == 50)
        #expect(75.0.overhead(over: 100) == -25)
    }
}
