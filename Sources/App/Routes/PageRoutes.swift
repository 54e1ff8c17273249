import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore

/// `/` and `/openapi.yaml`: what is embedded in the binary.
struct PageRoutes {
    private let page = Embedded(PackageResources.index_html)
    private let contract = Embedded(PackageResources.openapi_yaml)

    func add(to router: RouterGroup<HTTPContext>) {
        let policy = Self.policy(for: String(decoding: PackageResources.index_html, as: UTF8.self))
        let headers: HTTPFields = [.contentSecurityPolicy: policy]
        router.get { request, _ in page.response(to: request, "text/html; charset=utf-8", headers) }
        router.get("openapi.yaml") { request, _ in contract.response(to: request, "application/yaml") }
    }

    /// Lets the page's own style and script run, by their hashes, and nothing else (CSP Level 3, section 8.3).
    private static func policy(for page: String) -> String {
        """
        default-src 'none'; style-src \(hash(of: "style", in: page)); script-src \(hash(of: "script", in: page)); \
        connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
        """
    }

    private static func hash(of element: String, in page: String) -> String {
        guard let start = page.firstRange(of: "<\(element)>"), let end = page.firstRange(of: "</\(element)>") else {
            return "'none'"
        }
        let digest = SHA256.hash(data: Data(page[start.upperBound..<end.lowerBound].utf8))
        return "'sha256-\(Data(digest).base64EncodedString())'"
    }
}

/// A file of the binary, with a tag by which a browser keeps it.
private struct Embedded {
    let bytes: ByteBuffer
    let tag: String

    init(_ resource: [UInt8]) {
        bytes = ByteBuffer(bytes: resource)
        tag = "\"\(Data(SHA256.hash(data: resource)).base64EncodedString())\""
    }

    func response(to request: Request, _ mediaType: String, _ extra: HTTPFields = [:]) -> Response {
        var headers = extra
        headers[.contentType] = mediaType
        headers[.eTag] = tag
        headers[.cacheControl] = "no-cache"
        // A compressed copy has the tag as a weak one.
        let known = request.headers[values: .ifNoneMatch].flatMap(Preconditions.tags)
        if known.contains(where: { $0.opaque == tag }) { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes))
    }
}
