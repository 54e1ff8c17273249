/// The options there are, by the names they have in requests.
package enum Option: String, CaseIterable, Codable, Sendable {
    case sourceUnit, sourceUp, targetUnit, targetUp, scale
    case binary, tolerance, parameters, parameterSet, compress, repair, embedTextures
}

extension Option {
    /// What a value of the option may be.
    package enum Values: Sendable {
        case oneOf([String])
        /// Inclusive.
        case number(ClosedRange<Double>)
        case truth
        /// Names of variables with their values.
        case parameters
        case text
    }

    package var values: Values {
        switch self {
        case .sourceUnit, .targetUnit: .oneOf(LengthUnit.allCases.map(\.rawValue))
        case .sourceUp, .targetUp: .oneOf(UpAxis.allCases.map(\.rawValue))
        case .compress: .oneOf(MeshCompression.allCases.map(\.rawValue))
        case .scale: .number(1e-6...1e6)
        case .tolerance: .number(1e-5...0.1)
        case .binary, .repair, .embedTextures: .truth
        case .parameters: .parameters
        case .parameterSet: .text
        }
    }

    /// For people: a sentence.
    package var summary: String {
        switch self {
        case .sourceUnit: "What a number in the source means, whatever the file says."
        case .sourceUp: "Which axis points up in the source, whatever the file says."
        case .targetUnit: "What a number in the result shall mean."
        case .targetUp: "Which axis shall point up in the result."
        case .scale: "By which all sizes are multiplied."
        case .binary: "Whether the result is written as bytes (true) or as text (false)."
        case .tolerance: "How far triangles may be from the exact surface, as a part of the model's diagonal."
        case .parameters:
            "Values for the variables of an OpenSCAD program: numbers, texts, true or false, lists of them."
        case .parameterSet: "The name of a set in the .json file of parameters that was sent beside the program."
        case .compress: "How the meshes of a GLB are made smaller."
        case .repair: "Whether holes in an STL are closed and its normals made consistent."
        case .embedTextures: "Whether textures become a part of the result's main file."
        }
    }

    /// Whether a tool must do it; the others are done by us, or are steps of their own.
    var isOfTools: Bool {
        switch self {
        case .binary, .tolerance, .parameters, .parameterSet, .embedTextures: true
        case .sourceUnit, .sourceUp, .targetUnit, .targetUp, .scale, .compress, .repair: false
        }
    }
}

extension ConversionOptions {
    /// Those that are said.
    package var said: [Option] {
        Option.allCases.filter { option in
            switch option {
            case .sourceUnit: sourceUnit != nil
            case .sourceUp: sourceUp != nil
            case .targetUnit: targetUnit != nil
            case .targetUp: targetUp != nil
            case .scale: scale != nil
            case .binary: binary != nil
            case .tolerance: tolerance != nil
            case .parameters: parameters != nil
            case .parameterSet: parameterSet != nil
            case .compress: compress != nil
            case .repair: repair != nil
            case .embedTextures: embedTextures != nil
            }
        }
    }
}
