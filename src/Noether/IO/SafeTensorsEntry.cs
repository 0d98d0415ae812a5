namespace Noether;

/// <summary>One array of a safetensors file, as its header declares it and as checked against the file.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">The type in the file.</param>
/// <param name="Shape">The shape.</param>
/// <param name="Begin">The first byte, counted from the end of the header.</param>
/// <param name="End">One past the last byte.</param>
internal sealed record SafeTensorsEntry(string Name, StoredType Type, Shape Shape, long Begin, long End);
