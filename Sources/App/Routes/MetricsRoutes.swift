import HTTPTypes
import Hummingbird

/// `/metrics`, in the form that `Accept` asks for.
struct MetricsRoutes {
    let server: Server

    func add(to router: RouterGroup<HTTPContext>) {
        router.get("metrics", use: metrics)
    }

    @Sendable func metrics(_ request: Request, _ context: HTTPContext) async -> Response {
        let accept = request.headers[values: .accept].joined(separator: ",")
        var response: Response
        switch MetricsFormat(accept: accept) {
        case .json: response = MetricsSummary(server: server).json.response()
        case .text(let format):
            let bytes = Exposition.bytes(await Scrape(server).families, as: format)
            response = Response(
                status: .ok, headers: [.contentType: format.mediaType, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
        response.headers[.vary] = "Accept"
        return response
    }
}
