import HTTPTypes

/// Which of our two codings a client wants (RFC 9110, section 12.5.3): gzip, or none at all.
enum AcceptEncoding {
    /// How an answer may go out.
    enum Wish: Equatable {
        case plain
        case gzip
        /// Plain is not taken, however short the answer is.
        case onlyGzip
    }

    static func wish(of fields: HTTPFields) -> Wish {
        let values = fields[values: .acceptEncoding]
        guard !values.isEmpty else { return .plain }
        var weights: [String: Double] = [:]
        for element in values.flatMap({ $0.split(separator: ",") }) {
            let parts = element.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let name = parts.first, !name.isEmpty else { continue }
            weights[name == "x-gzip" ? "gzip" : name] = weight(parts.dropFirst())
        }
        let gzip = weights["gzip"] ?? weights["*"] ?? 0
        guard gzip > 0 else { return .plain }
        // What is not named is wanted least, unless it is named with 0.
        let plain = weights["identity"] ?? (weights["*"] == 0 ? 0 : nil)
        if plain == 0 { return .onlyGzip }
        return gzip >= plain ?? 0 ? .gzip : .plain
    }

    private static func weight(_ parameters: ArraySlice<String>) -> Double {
        guard let parameter = parameters.first(where: { $0.hasPrefix("q=") }) else { return 1 }
        return Double(parameter.dropFirst(2)).map { min(max($0, 0), 1) } ?? 0
    }
}
