/// A request whose head is understood and whose bytes begin to arrive.
package struct Arrival: Sendable {
    package let client: String
    package let requestId: String?
    package let filename: String?
    package let targetFormat: String?
    package let tag: String?

    package init(
        client: String, requestId: String? = nil, filename: String? = nil, targetFormat: String? = nil,
        tag: String? = nil
    ) {
        self.client = client
        self.requestId = requestId
        self.filename = filename
        self.targetFormat = targetFormat
        self.tag = tag
    }
}

/// An upload that is complete on disk, recognised, and planned.
package struct Acceptance: Sendable {
    package let source: NewArtifact
    package let targetFormat: String
    /// A JSON object, or nothing.
    package let options: String?
    package let route: [RouteStep]
    /// The tool of the first step's first converter.
    package let tool: String
    package let tag: String?
    package let priority: Job.Priority
    package let warnings: [String]

    package init(
        source: NewArtifact, targetFormat: String, options: String? = nil, route: [RouteStep], tool: String,
        tag: String? = nil, priority: Job.Priority = .normal, warnings: [String] = []
    ) {
        self.source = source
        self.targetFormat = targetFormat
        self.options = options
        self.route = route
        self.tool = tool
        self.tag = tag
        self.priority = priority
        self.warnings = warnings
    }
}
