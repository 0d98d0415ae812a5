using System.Numerics;

namespace Noether.Kernels.MatMul;

/// <summary>A launch of products that end with a program, to be told which type the program is.</summary>
internal interface IEpilogueLaunch<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Launches the products with a program and its operands.</summary>
    void Launch<TEpilogue>(in TEpilogue epilogue)
        where TEpilogue : unmanaged, IProductEpilogue<T>;
}
