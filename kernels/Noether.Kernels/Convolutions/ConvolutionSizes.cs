using Noether.Kernels.MatMul;

namespace Noether.Kernels.Convolutions;

/// <summary>
/// A correlation of x [batch, groups, channels, Input] with w [groups, features, channels, Kernel] to y [batch, groups, features, Output], in which batch and
/// groups may have changed places:
/// <c>y[n, o, p] = Σ w[o, c, k]·x̂[n, c, p·Stride + k·KernelDilation - Low]</c>, where x̂ is x with InputDilation - 1 zeros between neighbours and zeros around.
/// </summary>
public struct ConvolutionSizes
{
    /// <summary>Elements of x from one image to the next.</summary>
    public long BatchStride;

    /// <summary>Elements of x from one group of channels to the next.</summary>
    public long GroupStride;

    /// <summary>Elements of x from one channel to the next.</summary>
    public long ChannelStride;

    /// <summary>Elements of x from one point to the next along the outermost spatial axis.</summary>
    public long StrideZ;

    /// <summary>Along the middle one.</summary>
    public long StrideY;

    /// <summary>Along the innermost.</summary>
    public long StrideX;

    /// <summary>Where x begins in its memory.</summary>
    public long InputStart;

    /// <summary>Where w, dense, begins in its memory.</summary>
    public long KernelStart;

    /// <summary>Where y, dense, begins in its memory.</summary>
    public long OutputStart;

    /// <summary>Elements of y from one image to the next.</summary>
    public long OutputBatchStride;

    /// <summary>Elements of y from one group of features to the next.</summary>
    public long OutputGroupStride;

    /// <summary>Images.</summary>
    public int Batch;

    /// <summary>Parts of the channels and features that do not meet.</summary>
    public int Groups;

    /// <summary>Channels of a group.</summary>
    public int Channels;

    /// <summary>Features of a group.</summary>
    public int Features;

    /// <summary>What one group of threads sums of the channels and kernel points: a multiple of 4, or at least all of them; see <see cref="ProductSizes.Chunk"/>.</summary>
    public int Chunk;

    /// <summary>Points of x.</summary>
    public Axis3 Input;

    /// <summary>Points of w.</summary>
    public Axis3 Kernel;

    /// <summary>Points of y.</summary>
    public Axis3 Output;

    /// <summary>The step of the kernel.</summary>
    public Axis3 Stride;

    /// <summary>Zeros in front; negative crops.</summary>
    public Axis3 Low;

    /// <summary>The distance of neighbours of x.</summary>
    public Axis3 InputDilation;

    /// <summary>The distance of neighbours of w.</summary>
    public Axis3 KernelDilation;

    /// <summary>Terms of each element of y.</summary>
    public readonly int Terms => Channels * Kernel.Product;

    /// <summary>Elements of y.</summary>
    public readonly long Results => (long)Batch * Groups * Features * Output.Product;

    /// <summary>The product that the convolution is, for a choice of tile and parts among others.</summary>
    public readonly ProductSizes Product => new()
    {
        Start = OutputStart,
        Rows = Features,
        Inner = Terms,
        Columns = Batch * Output.Product,
        Batch = Groups,
        Chunk = Chunk,
    };
}
