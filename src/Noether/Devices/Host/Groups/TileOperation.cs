using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>One instruction of a group on a tile of elements: dense arguments in, dense result out.</summary>
/// <remarks>
/// The count is rounded up to whole vectors: every storage and every scratch tile has room for one vector past its last element.
/// </remarks>
internal abstract unsafe class TileOperation
{
    public abstract void Run(byte** x, byte* y, int count);
}

/// <summary>A function of one tile.</summary>
internal sealed unsafe class UnaryTile<TForm, V, T> : TileOperation
    where TForm : struct, IUnaryForm
    where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(TForm.Invoke(V.Load(in a[i])), ref result[i]);
    }
}

/// <summary>A function of one tile of any number.</summary>
internal sealed unsafe class NumberUnaryTile<TForm, V, T> : TileOperation
    where TForm : struct, INumberUnaryForm
    where V : struct, ILanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(TForm.Invoke(V.Load(in a[i])), ref result[i]);
    }
}

/// <summary>A function of two tiles.</summary>
internal sealed unsafe class BinaryTile<TForm, V, T> : TileOperation
    where TForm : struct, IBinaryForm
    where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], b = (T*)x[1], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(TForm.Invoke(V.Load(in a[i]), V.Load(in b[i])), ref result[i]);
    }
}

/// <summary>A function of two tiles of any number.</summary>
internal sealed unsafe class NumberBinaryTile<TForm, V, T> : TileOperation
    where TForm : struct, INumberBinaryForm
    where V : struct, ILanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], b = (T*)x[1], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(TForm.Invoke(V.Load(in a[i]), V.Load(in b[i])), ref result[i]);
    }
}

/// <summary>A function of two tiles of integers or truth values.</summary>
internal sealed unsafe class IntegerTile<TForm, V, T> : TileOperation
    where TForm : struct, IIntegerForm
    where V : struct, IIntegerLanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], b = (T*)x[1], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(TForm.Invoke(V.Load(in a[i]), V.Load(in b[i])), ref result[i]);
    }
}

/// <summary>A question about one tile; the result is bytes 0 and 1.</summary>
internal sealed unsafe class PredicateTile<TForm, V, T> : TileOperation
    where TForm : struct, IPredicateForm
    where V : struct, IFloatLanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (T*)x[0];
        for (var i = 0; i < count; i += V.Count) V.StoreMask(TForm.Invoke(V.Load(in a[i])), ref y[i]);
    }
}

/// <summary>A question about two tiles; the result is bytes 0 and 1.</summary>
internal sealed unsafe class ComparisonTile<TForm, V, T> : TileOperation
    where TForm : struct, IComparisonForm
    where V : struct, ILanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        T* a = (T*)x[0], b = (T*)x[1];
        for (var i = 0; i < count; i += V.Count) V.StoreMask(TForm.Invoke(V.Load(in a[i]), V.Load(in b[i])), ref y[i]);
    }
}

/// <summary>mask ? x : y.</summary>
internal sealed unsafe class SelectTile<V, T> : TileOperation
    where V : struct, ILanes<V>, IVectorLanes<V, T>
    where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(byte** x, byte* y, int count)
    {
        var mask = x[0];
        T* a = (T*)x[1], b = (T*)x[2], result = (T*)y;
        for (var i = 0; i < count; i += V.Count) V.Store(V.Select(V.LoadMask(in mask[i]), V.Load(in a[i]), V.Load(in b[i])), ref result[i]);
    }
}

/// <summary>mask ? x : y for elements that no lane holds (bfloat16).</summary>
internal sealed unsafe class SelectElements<T> : TileOperation
    where T : unmanaged
{
    public override void Run(byte** x, byte* y, int count)
    {
        var mask = x[0];
        T* a = (T*)x[1], b = (T*)x[2], result = (T*)y;
        for (var i = 0; i < count; i++) result[i] = mask[i] != 0 ? a[i] : b[i];
    }
}
