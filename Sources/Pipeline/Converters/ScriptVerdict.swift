import Persistence

/// What a script of ours says of a failure: its last line that begins with `KILN <code>: `.
///
/// The code is also the exit code, where the tool lets a script have one; DRAW does not.
enum ScriptVerdict {
    private static let longestSentence = 200

    static func failure(exitCode: Int, log: String) -> Failure? {
        guard let line = log.split(separator: "\n").last(where: { $0.hasPrefix("KILN ") }),
            let colon = line.firstIndex(of: ":"), let code = Int(line[..<colon].dropFirst("KILN ".count))
        else { return nil }
        let sentence = line[colon...].dropFirst(2).prefix(longestSentence)
        switch code {
        case 3: return Failure(.invalidInput, "The tool could not read the file: \(sentence)")
        case 4: return Failure(.emptyResult, "\(sentence)")
        case 5: return Failure(.toolFailed, "The tool could not write the result: \(sentence)")
        case 6: return Failure(.invalidInput, "\(sentence)")
        default: return nil
        }
    }
}
