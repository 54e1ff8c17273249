import Testing

@testable import App

struct ExpositionTests {
    private func text(_ families: MetricFamily..., as format: Exposition.Format) -> String {
        String(decoding: Exposition.bytes(families, as: format), as: UTF8.self)
    }

    @Test func `the older format names a counter by its series, the newer one by its family`() {
        let counter = MetricFamily.counter("kiln_upload_bytes", "All.", .integer(3))
        #expect(
            text(counter, as: .prometheus) == """
                # TYPE kiln_upload_bytes_total counter
                # HELP kiln_upload_bytes_total All.
                kiln_upload_bytes_total 3

                """)
        #expect(
            text(counter, as: .openMetrics) == """
                # TYPE kiln_upload_bytes counter
                # UNIT kiln_upload_bytes bytes
                # HELP kiln_upload_bytes All.
                kiln_upload_bytes_total 3
                # EOF

                """)
    }

    @Test func `buckets are cumulative, end in infinity, and agree with the count`() {
        let histograms = Histograms<String>([0.5, 1])
        for value in [0.1, 0.7, 0.8, 5] { histograms.observe(value, "assimp") }
        let family = MetricFamily.histogram("kiln_x_seconds", "X.", histograms) { [["converter", $0]] }
        #expect(
            text(family, as: .prometheus) == """
                # TYPE kiln_x_seconds histogram
                # HELP kiln_x_seconds X.
                kiln_x_seconds_bucket{converter="assimp",le="0.5"} 1
                kiln_x_seconds_bucket{converter="assimp",le="1.0"} 3
                kiln_x_seconds_bucket{converter="assimp",le="+Inf"} 4
                kiln_x_seconds_sum{converter="assimp"} 6.6
                kiln_x_seconds_count{converter="assimp"} 4

                """)
    }

    @Test func `what could end a line or a value is escaped`() {
        let family = MetricFamily(
            "kiln_x", .gauge, "A \"b\"\n\\c", [.init(labels: [["tool", "a\"b\\c\nd"]], value: .integer(1))])
        #expect(
            text(family, as: .prometheus) == """
                # TYPE kiln_x gauge
                # HELP kiln_x A "b"\\n\\\\c
                kiln_x{tool="a\\"b\\\\c\\nd"} 1

                """)
        #expect(text(family, as: .openMetrics).contains("# HELP kiln_x A \\\"b\\\"\\n\\\\c\n"))
    }

    @Test func `what only labels is a gauge in the older format`() {
        let family = MetricFamily(
            "kiln_build", .info, "B.", [.init(suffix: "_info", labels: [["version", "1"]], value: .integer(1))])
        #expect(text(family, as: .prometheus).contains("# TYPE kiln_build_info gauge\n"))
        #expect(text(family, as: .openMetrics).contains("# TYPE kiln_build info\n"))
    }

    @Test func `a metric without series is left out`() {
        #expect(text(.gauge("kiln_x", "X.", nil), as: .prometheus).isEmpty)
    }

    @Test(arguments: [
        ("", MetricsFormat.text(.prometheus)), ("*/*", .text(.prometheus)),
        ("text/html, */*;q=0.1", .text(.prometheus)),
        ("application/json", .json), ("application/json, text/plain", .json),
        ("text/plain;version=0.0.4;q=0.5, application/json;q=0.4", .text(.prometheus)),
        ("application/openmetrics-text; version=1.0.0; q=0.5, text/plain;q=0.3, */*;q=0.2", .text(.openMetrics)),
        ("application/openmetrics-text;version=0.0.1;q=0.9,text/plain;version=0.0.4;q=0.3", .text(.prometheus)),
        ("application/json;q=0", .text(.prometheus)), ("nonsense;;;,,q", .text(.prometheus)),
    ])
    func `who asks gets the form he likes best`(accept: String, format: MetricsFormat) {
        #expect(MetricsFormat(accept: accept) == format)
    }
}
