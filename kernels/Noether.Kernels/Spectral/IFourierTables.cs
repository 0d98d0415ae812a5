using ILGPU;

namespace Noether.Kernels.Spectral;

/// <summary>Keeps tables on an accelerator, as <see cref="FourierTables"/> makes them.</summary>
/// <typeparam name="T">float or double.</typeparam>
public interface IFourierTables<T>
    where T : unmanaged
{
    /// <summary>The table for so many points; readable until work queued now is done.</summary>
    ArrayView<T> Get(FourierTable table, int points);

    /// <summary><see cref="FourierTables.Order"/> of a prime number of points.</summary>
    ArrayView<int> Order(int points);
}
