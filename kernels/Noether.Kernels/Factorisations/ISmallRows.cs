namespace Noether.Kernels.Factorisations;

/// <summary>How large the matrices of a kernel may be: shared memory that is not used keeps other groups away.</summary>
public interface ISmallRows
{
    /// <summary>The most rows of a matrix; a multiple of 32.</summary>
    static abstract int Most { get; }
}
