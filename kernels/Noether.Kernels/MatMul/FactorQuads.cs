using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>What a thread holds of a factor on its way from global to shared memory.</summary>
internal struct FactorQuads<T>
    where T : unmanaged, INumber<T>
{
    public Four<T> First;

    public Four<T> Second;
}
