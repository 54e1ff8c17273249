/// A scalar type of PLY, under its old and its new name.
enum PLYType {
    case int8, uint8, int16, uint16, int32, uint32, float, double

    init?(_ name: String) {
        switch name {
        case "char", "int8": self = .int8
        case "uchar", "uint8": self = .uint8
        case "short", "int16": self = .int16
        case "ushort", "uint16": self = .uint16
        case "int", "int32": self = .int32
        case "uint", "uint32": self = .uint32
        case "float", "float32": self = .float
        case "double", "float64": self = .double
        default: return nil
        }
    }

    var isFloat: Bool { self == .float || self == .double }

    var size: Int {
        switch self {
        case .int8, .uint8: 1
        case .int16, .uint16: 2
        case .int32, .uint32, .float: 4
        case .double: 8
        }
    }
}

/// A property: a scalar, or a list when it has a `length`.
struct PLYField {
    let length: PLYType?
    let type: PLYType
}

/// Reads and writes PLY scalars in the byte order of their file.
struct PLYScalars {
    let isBigEndian: Bool

    @inline(__always)
    private func load<T: FixedWidthInteger>(_ type: T.Type, _ bytes: UnsafeRawBufferPointer, _ offset: Int) -> T {
        let raw = bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
        return isBigEndian ? T(bigEndian: raw) : T(littleEndian: raw)
    }

    @inline(__always)
    func double(_ type: PLYType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
        switch type {
        case .float: Double(Float(bitPattern: load(UInt32.self, bytes, offset)))
        case .double: Double(bitPattern: load(UInt64.self, bytes, offset))
        default: Double(integer(type, bytes, at: offset))
        }
    }

    /// Of an integer type; -1, which no index or length may be, of a float.
    @inline(__always)
    func integer(_ type: PLYType, _ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        switch type {
        case .int8: Int(load(Int8.self, bytes, offset))
        case .uint8: Int(load(UInt8.self, bytes, offset))
        case .int16: Int(load(Int16.self, bytes, offset))
        case .uint16: Int(load(UInt16.self, bytes, offset))
        case .int32: Int(load(Int32.self, bytes, offset))
        case .uint32: Int(load(UInt32.self, bytes, offset))
        case .float, .double: -1
        }
    }

    /// Writes a float or a double; other types cannot hold a scaled coordinate.
    func store(_ value: Double, as type: PLYType, in bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        if type == .double {
            let raw = value.bitPattern
            bytes.storeBytes(of: isBigEndian ? raw.bigEndian : raw.littleEndian, toByteOffset: offset, as: UInt64.self)
        } else {
            let raw = Float(value).bitPattern
            bytes.storeBytes(of: isBigEndian ? raw.bigEndian : raw.littleEndian, toByteOffset: offset, as: UInt32.self)
        }
    }
}
