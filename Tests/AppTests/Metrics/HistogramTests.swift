import Testing

@testable import App

struct HistogramTests {
    private let bounds = [1.0, 10, 100]

    private func histogram(_ values: Double...) -> Histogram {
        var histogram = Histogram(ranges: bounds.count + 1)
        for value in values { histogram.observe(value, bounds) }
        return histogram
    }

    @Test func `a value belongs to the first bound that it does not exceed`() {
        #expect(histogram(0, 1, 1.5, 10, 99, 100, 101, .infinity).counts == [2, 2, 2, 2])
    }

    @Test func `a histogram knows how many values there were, and their mean`() {
        #expect(histogram(1, 2, 6).count == 3 && histogram(1, 2, 6).mean == 3)
        #expect(histogram().mean == nil && histogram().quantile(0.95, bounds) == nil)
    }

    @Test func `a quantile lies within the range of its value, and above all bounds at the last`() {
        #expect(histogram(5, 5, 5, 5).quantile(0.5, bounds) == 5.5)
        #expect(histogram(0.5, 50, 50, 50).quantile(0.25, bounds) == 1)
        #expect(histogram(1000).quantile(0.95, bounds) == 100)
    }

    @Test func `values of the same labels come together, from wherever they are told`() async {
        let histograms = Histograms<String>([1, 2])
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { histograms.observe(1.5, "a") } }
        }
        #expect(histograms.all["a"]?.counts == [0, 100, 0] && histograms.all.count == 1)
    }
}
