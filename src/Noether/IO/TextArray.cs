namespace Noether;

/// <summary>An array of strings from an npz file: labels that go with its numbers.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Values">The strings in row-major order.</param>
public sealed record TextArray(Shape Shape, IReadOnlyList<string> Values);
