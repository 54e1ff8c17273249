import HTTPTypes
import Hummingbird
import Persistence
import Pipeline

/// How the pipeline's refusals and Persistence's errors read in HTTP: the one table of statuses.
extension Problem {
    init(_ refusal: Refusal) {
        var headers: HTTPFields = [:]
        if refusal.kind == .stopping { headers[.retryAfter] = "10" }
        if refusal.kind == .queueFull { headers[.retryAfter] = "10" }
        if refusal.kind == .diskFull { headers[.retryAfter] = "60" }
        self.init(
            Kind(refusal.kind.rawValue, Self.status(of: refusal.kind), Self.title(of: refusal.kind)), refusal.sentence,
            headers: headers, extensions: refusal.pointer.map { ["pointer": .string($0)] } ?? [:])
    }

    private static func status(of kind: Refusal.Kind) -> HTTPResponse.Status {
        switch kind {
        case .malformedRequest, .unknownField, .missingFile, .emptyFile, .missingFormat, .unknownFormat,
            .invalidArchive, .unknownRoot:
            .badRequest
        case .requestTimeout: .requestTimeout
        case .tooLarge: .contentTooLarge
        case .unrecognisedContent, .contradictedName, .noModel: .unsupportedMediaType
        case .noRoute, .invalidInput, .invalidOption, .ambiguousRoot, .unsafeReference, .missingDependency:
            .unprocessableContent
        case .cancelled: .conflict
        case .queueFull: .tooManyRequests
        case .stopping: .serviceUnavailable
        case .diskFull: HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
        }
    }

    private static func title(of kind: Refusal.Kind) -> String {
        switch kind {
        case .malformedRequest: "The request is malformed"
        case .unknownField: "A field is not known"
        case .missingFile: "There is no file"
        case .emptyFile: "The file is empty"
        case .missingFormat: "The target is not said"
        case .unknownFormat: "The target is not known"
        case .invalidArchive: "The zip archive is not taken"
        case .unknownRoot: "The named file is not there"
        case .noModel: "There is no model among the files"
        case .ambiguousRoot: "There is more than one model"
        case .requestTimeout: "The request arrived too slowly"
        case .tooLarge: "The file is too large"
        case .unrecognisedContent: "The file is not recognised"
        case .contradictedName: "The file is not what its name says"
        case .noRoute: "There is no way to that target"
        case .invalidInput: "The file cannot be what it says"
        case .invalidOption: "An option cannot be taken"
        case .unsafeReference: "The model refers to something outside it"
        case .missingDependency: "A file of the model is missing"
        case .cancelled: "The job was cancelled"
        case .queueFull: "The queue is full"
        case .stopping: "The server is stopping"
        case .diskFull: "The disk is full"
        }
    }
}

extension Problem.Kind {
    static let notFinished = Self("notFinished", .conflict, "The job is not finished")
    static let notSucceeded = Self("notSucceeded", .conflict, "The job did not succeed")
    static let expired = Self("expired", .gone, "The file is not kept any more")
    static let stopping = Self("stopping", .serviceUnavailable, "The server is stopping")
    static let storageFailed = Self("storageFailed", .serviceUnavailable, "The server's storage has failed")
    static let diskFull = Self(
        "diskFull", HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "The disk is full")
}
