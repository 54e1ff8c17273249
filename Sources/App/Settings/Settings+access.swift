/// Who may ask, how often, and from where.
extension Settings {
    static let access = [
        Setting(
            "ADMIN_TOKEN", \.adminToken, .secret, isSecret: true,
            "What operators show over HTTP; without it they use the command line on the server's machine."),
        Setting(
            "TRUSTED_PROXIES", \.trustedProxies, .proxies,
            "Proxies in front of the server, which are believed when they tell a client's address."),
        Setting(
            "RATE_LIMIT_GENERAL", \.rateLimitGeneral, .rateLimit,
            "Requests that one client may make; auto is 100 a minute in production, else off."),
        Setting(
            "RATE_LIMIT_STRICT", \.rateLimitStrict, .rateLimit,
            "Conversions that one client may ask for; auto is 10 a minute in production, else off."),
        Setting(
            "ALLOWED_ORIGINS", aliases: ["CORS_ORIGIN"], \.allowedOrigins, .origins,
            "Sites whose pages may use the API from a browser, besides the server's own page."),
        Setting(
            "ACCEPT_WEAK", \.acceptWeak, .weaknesses,
            "Settings that production refuses when they are weak, and that are meant to be so."),
    ]

    var generalLimit: RateLimit? { rateLimitGeneral.limit(in: environment, usual: 100) }
    var strictLimit: RateLimit? { rateLimitStrict.limit(in: environment, usual: 10) }
}

extension Allowed<RateLimit.Choice> {
    /// `100` a minute, or `100/15m`.
    static var rateLimit: Self {
        Allowed(text: "auto, off, or requests a minute such as 100, or in another time such as 100/15m") { text in
            switch text.lowercased() {
            case "auto": return .auto
            case "off": return .off
            default: break
            }
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count <= 2, let count = Int(parts[0]), (1...1_000_000).contains(count) else { return nil }
            let window = parts.count == 2 ? timeParser.parse(word(parts[1])) : .seconds(60)
            return window.map { .limit(RateLimit(count: count, window: $0)) }
        } format: {
            switch $0 {
            case .auto: "auto"
            case .off: "off"
            case .limit(let limit): "\(limit.count)/\(Allowed<Duration>.shown(limit.window))"
            }
        }
    }

    /// `100/m` is `100/1m`.
    private static func word(_ text: Substring) -> String {
        text.first?.isLetter == true ? "1" + text : String(text)
    }

    private static var timeParser: Allowed<Duration> { .time(.milliseconds(1) ... .seconds(86_400), in: .seconds) }
}

extension Allowed<TrustedProxies> {
    static var proxies: Self {
        Allowed(text: "addresses or ranges such as 10.0.0.0/8, fd00::/8, with commas between them") { text in
            let words = text.split { $0 == "," || $0 == " " }
            let ranges = words.compactMap { IPRange($0) }
            return ranges.count == words.count ? TrustedProxies(ranges: ranges) : nil
        } format: {
            $0.ranges.map(\.description).joined(separator: ",")
        }
    }
}

extension Allowed<AllowedOrigins> {
    static var origins: Self {
        Allowed(
            text: "origins such as https://app.example.com or https://*.example.com, with commas between them, or *"
        ) {
            text in
            let words = text.split { $0 == "," || $0 == " " }
            let rules = words.compactMap { AllowedOrigins.Rule($0) }
            return rules.count == words.count ? AllowedOrigins(rules: rules) : nil
        } format: {
            $0.rules.map(\.description).joined(separator: ",")
        }
    }
}

extension Allowed<[Weakness]> {
    static var weaknesses: Self {
        Allowed(
            text: "names with commas between them, of: " + Weakness.allCases.map(\.rawValue).joined(separator: ", ")
        ) {
            text in
            let words = text.uppercased().split { $0 == "," || $0 == " " }
            let weaknesses = words.compactMap { Weakness(rawValue: String($0)) }
            return weaknesses.count == words.count ? weaknesses : nil
        } format: {
            $0.map(\.rawValue).joined(separator: ",")
        }
    }
}
