namespace Noether;

/// <summary>Element types that files use. Some have no <see cref="DType"/> of their own and widen when read.</summary>
internal enum StoredType
{
    Bool,
    UInt8,
    Int8,
    UInt16,
    Int16,
    UInt32,
    Int32,
    UInt64,
    Int64,
    Float16,
    BFloat16,
    Float32,
    Float64,
}
