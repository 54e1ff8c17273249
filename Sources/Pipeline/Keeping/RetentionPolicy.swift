/// How long what is done is kept.
package struct RetentionPolicy: Sendable {
    /// After the end of the job; `nil`: for ever, or as long as there is space.
    let results: Duration?
    let sources: Duration?
    /// The job's rows themselves.
    let history: Duration?
    /// What is younger is not given up for want of space.
    let least: Duration

    package init(
        results: Duration? = nil, sources: Duration? = nil, history: Duration? = nil, least: Duration = .seconds(3600)
    ) {
        self.results = results
        self.sources = sources
        self.history = history
        self.least = least
    }

    /// How often it is looked at: often enough that nothing is kept much longer than was said.
    var period: Duration {
        let shortest = [results, sources, history].compactMap(\.self).min() ?? .seconds(60)
        return min(max(shortest / 4, .milliseconds(250)), .seconds(60))
    }
}
