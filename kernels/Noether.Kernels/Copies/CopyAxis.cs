namespace Noether.Kernels.Copies;

/// <summary>An axis of a copy.</summary>
/// <param name="Size">How many places it has.</param>
/// <param name="From">Elements of the source from one to the next.</param>
/// <param name="To">Elements of the destination from one to the next.</param>
internal readonly record struct CopyAxis(int Size, long From, long To);
