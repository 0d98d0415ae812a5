using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>A register of <typeparamref name="T"/>s of some width, down to a single number.</summary>
/// <remarks>
/// The host's kernels are written once over it and run wide in the middle of a row, narrower and at last scalar at its end. It adds memory
/// and exact integer arithmetic to what <c>ILanes</c> has, and knows nothing of elementary functions. Structs are made by object
/// initialiser, because a constructor is one more call for the JIT to inline.
/// </remarks>
/// <typeparam name="V">The implementing struct.</typeparam>
/// <typeparam name="T">The element type.</typeparam>
internal unsafe interface ISimd<V, T>
    where V : struct, ISimd<V, T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Elements in one register.</summary>
    static abstract int Count { get; }

    static abstract V Load(T* p);

    static abstract V Broadcast(T value);

    static abstract V operator +(V x, V y);

    static abstract V operator -(V x, V y);

    static abstract V operator *(V x, V y);

    /// <summary>x·y + z, fused where the hardware does.</summary>
    static abstract V MultiplyAdd(V x, V y, V z);

    /// <summary>The smaller; NaN if either is NaN.</summary>
    static abstract V Min(V x, V y);

    /// <summary>The larger; NaN if either is NaN.</summary>
    static abstract V Max(V x, V y);

    /// <summary>The first lanes of x, the others of y.</summary>
    static abstract V First(V x, V y, int count);

    /// <summary>All lanes folded into one number, halves onto halves.</summary>
    static abstract T Fold<TFold>(V x)
        where TFold : struct, IFold;

    /// <summary>The elements, of 4 or 8 bytes, in the opposite order.</summary>
    static abstract V Reverse(V x);

    void Store(T* p);

    /// <summary>One element.</summary>
    T this[int lane] { get; }
}
