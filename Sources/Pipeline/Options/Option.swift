/// The options there are, by the names they have in requests.
package enum Option: String, CaseIterable, Codable, Sendable {
    case sourceUnit, sourceUp, targetUnit, targetUp, scale
    case binary, tolerance, parameters, parameterSet, compress, repair, embedTextures
}
