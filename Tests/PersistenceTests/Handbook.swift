import SystemPackage

/// A page of `docs/`.
func handbook(_ page: String) -> FilePath {
    FilePath(#filePath).removingLastComponent().appending("../../docs").appending(page).lexicallyNormalized()
}

extension String {
    /// What stands between the first of the one and the next of the other.
    func components(between begin: String, and end: String) -> String? {
        guard let start = firstRange(of: begin)?.upperBound, let stop = self[start...].firstRange(of: end)?.lowerBound
        else { return nil }
        return String(self[start..<stop])
    }
}
