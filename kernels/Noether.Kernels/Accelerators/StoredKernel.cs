namespace Noether.Kernels;

/// <summary>What a compiled kernel is, beside its method.</summary>
/// <param name="Text">PTX or OpenCL's C.</param>
/// <param name="SharedBytes">The shared memory that its text declares.</param>
/// <param name="HasDynamicShared">True if launches ask for more.</param>
internal sealed record StoredKernel(string Text, int SharedBytes, bool HasDynamicShared);
