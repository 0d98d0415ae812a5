using System.Numerics;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Channels;
using Noether.Kernels.Convolutions;
using Noether.Kernels.Elementwise;

namespace Noether.Kernels.MatMul;

/// <summary>A program that ends products: it reads their elements from registers (<see cref="InputAccess.Product"/>) and stores what it makes of them.</summary>
/// <remarks><see cref="KernelCache"/> keeps one for each <see cref="LaneProgram.Key"/>; its kernels are compiled when their tile and layouts are first met.</remarks>
/// <typeparam name="T">The products' element.</typeparam>
public abstract class ProductEpilogue<T>
    where T : unmanaged, INumber<T>
{
    // Beside the tile's some 100 registers a program of four elements holds its operands and what one elementary function needs: 8 views and 40 in float32.
    private const int MostOperands = 8, MostInstructions = 32;

    private readonly LaneOperands operands;

    private protected ProductEpilogue(LaneProgram program) => operands = new(program);

    /// <summary>
    /// True if a program is worth joining with products. One of more operands takes registers that the tile needs, and one of more instructions gains little from
    /// the pass that is saved: better a kernel of its own, which is compiled once and not for each tile and layout.
    /// </summary>
    public static bool Suits(LaneProgram program) => program.Inputs.Count + program.Outputs.Count <= MostOperands && program.Instructions.Count <= MostInstructions;

    /// <summary>True if operands can be those of an epilogue over so many results: their maps fit in 32 bits.</summary>
    public static bool Suits(in EpilogueOperands operands, long count) => LaneOperands.AreNarrow(operands.Maps, count);

    /// <summary>Enqueues products and the program; <see cref="MatMulEpilogueKernel{T,TTile,TLeft,TRight,TEdges,TEpilogue}.Launch"/>, <see cref="SmallProductEpilogueKernel{T,TEpilogue}.Launch"/>.</summary>
    public abstract void MatMul(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> a, in MatrixLayout left, ArrayView<T> b, in MatrixLayout right, in ProductSizes sizes, in EpilogueOperands operands);

    /// <summary>Enqueues products, their tangents and the program; <see cref="DualMatMulEpilogueKernel{T,TTile,TLeft,TRight,TEdges,TEpilogue}.Launch"/>.</summary>
    public abstract void DualMatMul(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, in DualFactor<T> left, in DualFactor<T> right, in ProductSizes sizes, in EpilogueOperands operands);

    /// <summary>Enqueues a convolution and the program; <see cref="ConvolutionEpilogueKernel{T,TTile,TEpilogue}.Launch"/>.</summary>
    public abstract void Convolve(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream, ArrayView<T> x, ArrayView<T> w, in ConvolutionSizes sizes, in EpilogueOperands operands);

    /// <summary>Enqueues a mixing of channels, fewer than 2^31 results, and the program; <see cref="ChannelMixEpilogueKernel{T,TTile,TEdges,TEpilogue}.Launch"/>.</summary>
    public abstract void MixChannels(
        KernelCache kernels, ProductTileKind tile, AcceleratorStream stream,
        ArrayView<T> w, ArrayView<T> x, ArrayView<T> rows, ArrayView<T> columns, in ChannelMixSizes sizes, in EpilogueOperands operands);

    /// <summary>Hands the program with its operands to a launch of products of matrices.</summary>
    internal abstract void End<TLaunch>(in TLaunch launch, in ProductSizes sizes, in EpilogueOperands operands)
        where TLaunch : struct, IEpilogueLaunch<T>;

    internal static ProductEpilogue<T> Create(LaneProgram program)
    {
        var (type, fill) = ElementwiseEmitter.EmitEpilogue(program, typeof(T));
        return (ProductEpilogue<T>)Activator.CreateInstance(typeof(EmittedEpilogue<,>).MakeGenericType(typeof(T), type), program, fill)!;
    }

    /// <summary>Whether four neighbours of every operand move at once.</summary>
    /// <param name="operands">The operands.</param>
    /// <param name="hasFours">True if each four that the product hands over begin at a multiple of four.</param>
    /// <exception cref="ArgumentException">There are not as many operands as the program has.</exception>
    private protected int Aligned(in EpilogueOperands operands, bool hasFours)
    {
        this.operands.Check(operands.Inputs, operands.Maps, operands.Outputs, operands.Numbers);
        return this.operands.AreAligned(operands.Inputs, operands.Outputs) && hasFours ? 1 : 0;
    }
}
