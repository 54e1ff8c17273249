/// Why a multipart body is refused. All of them are the client's to mend: 400, with `sentence` as the detail.
enum MultipartError: Error, Equatable {
    case notMultipart
    case boundaryMissing
    case boundaryInvalid
    case boundaryLineMalformed
    case bareLineFeed
    case headerTooLong(limit: Int)
    case headerMalformed
    case notFormData
    case nameMissing
    case encodedPart
    case tooManyParts(limit: Int)
    case truncated

    var sentence: String {
        switch self {
        case .notMultipart: "The content type is not multipart/form-data."
        case .boundaryMissing: "The content type multipart/form-data has no boundary parameter."
        case .boundaryInvalid: "The boundary must be 1 to 70 visible ASCII characters."
        case .boundaryLineMalformed: "A boundary is followed by something other than the end of its line."
        case .bareLineFeed: "A line of the multipart body ends with a bare line feed; CR LF is required."
        case .headerTooLong(let limit): "The header of a part is longer than \(limit) bytes."
        case .headerMalformed: "The header of a part is malformed."
        case .notFormData: "The Content-Disposition of a part is not form-data."
        case .nameMissing: "A part has no name."
        case .encodedPart: "A part has a Content-Transfer-Encoding; only 7bit, 8bit and binary are read."
        case .tooManyParts(let limit): "The body has more than \(limit) parts."
        case .truncated: "The body ended before its closing boundary."
        }
    }
}
