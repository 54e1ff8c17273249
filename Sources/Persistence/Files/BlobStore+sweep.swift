import Glibc
package import SystemPackage

// What lies in the folders, whether or not a row knows of it.

extension BlobStore {
    /// How many folders the blobs are spread over.
    package static let shards = 256

    /// The keys of the files in one of the folders, complete or not. Files that are not named by ids of ours are left out:
    /// somebody else put them there.
    package func keys(inShard number: Int) async throws -> [BlobKey] {
        let name = String(number, radix: 16)
        let shard = folder.blobs.appending(number < 16 ? "0" + name : name)
        return try await pool.run {
            guard access(shard.string, F_OK) == 0 else { return [] }
            let names = try Directory.names(in: shard).map { $0.hasSuffix(".part") ? String($0.dropLast(5)) : $0 }
            return names.filter { Job.ID(rawValue: String($0.prefix(36))) != nil && $0.dropFirst(36).first == "." }
                .map(BlobKey.init)
        }
    }

    /// The ids in the names of staged uploads, with the files.
    package func staged() async throws -> [(job: String, file: FilePath)] {
        try await pool.run { [staging = folder.staging] in
            try Directory.names(in: staging).filter { Job.ID(rawValue: String($0.prefix(36))) != nil }
                .map { (String($0.prefix(36)), staging.appending($0)) }
        }
    }
}
