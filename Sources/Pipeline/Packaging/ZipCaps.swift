/// How much of a stranger's archive is read.
package struct ZipCaps: Hashable, Sendable {
    /// Files and folders.
    package var entries = 2000
    /// Of all files together, unpacked.
    package var bytes: Int64 = 4 << 30
    /// Unpacked to packed size of one file, once it is larger than `ratioFrom` bytes.
    package var ratio: Int64 = 200
    package var ratioFrom: Int64 = 1 << 20
    /// Parts of a name.
    package var depth = 8
    /// Bytes of a name, in UTF-8; of each of its parts at most 255, as file systems have it.
    package var name = 1024

    package init() {}
}
