/// A request whose head is understood and whose bytes begin to arrive.
package struct Arrival: Sendable {
    package let client: String
    package let requestId: String?
    package let filename: String?
    package let targetFormat: String?
    package let tag: String?
    package let caching: Caching

    /// What the client says of results that are there already (`Cache-Control`, RFC 9111 section 5.2.1).
    package enum Caching: Sendable {
        case allowed
        /// `no-cache`: the tools are to run; others may have the result.
        case renewed
        /// `no-store`: neither is wanted.
        case forbidden
    }

    package init(
        client: String, requestId: String? = nil, filename: String? = nil, targetFormat: String? = nil,
        tag: String? = nil, caching: Caching = .allowed
    ) {
        self.client = client
        self.requestId = requestId
        self.filename = filename
        self.targetFormat = targetFormat
        self.tag = tag
        self.caching = caching
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
    /// `nil`: results are not shared.
    package let reuse: Reuse?

    package init(
        source: NewArtifact, targetFormat: String, options: String? = nil, route: [RouteStep], tool: String,
        tag: String? = nil, priority: Job.Priority = .normal, warnings: [String] = [], reuse: Reuse? = nil
    ) {
        self.source = source
        self.targetFormat = targetFormat
        self.options = options
        self.route = route
        self.tool = tool
        self.tag = tag
        self.priority = priority
        self.warnings = warnings
        self.reuse = reuse
    }
}
