/// From where on an archive needs the wider fields of ZIP64. Lower only in tests.
struct ZipLimits {
    var bytes = UInt64(UInt32.max)
    var entries = UInt64(UInt16.max)

    /// Whether a file's sizes may not fit: deflate adds up to 5 bytes per 16 KB to what it cannot compress.
    func areExceeded(by size: UInt64, isStored: Bool) -> Bool {
        (isStored ? size : size + size >> 10 + 64) >= bytes
    }
}
