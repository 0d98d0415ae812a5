using Noether.Primitives;

namespace Noether.Devices.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // A span holds fewer than 2³¹ bytes.
    private const int Chunk = 1 << 30;

    private static readonly HashSet<Type> WithKernels =
    [
        typeof(Concatenate), typeof(Pad), typeof(Take), typeof(ScatterAdd), typeof(Sum), typeof(Product), typeof(Quantifier),
        typeof(CumulativeSum), typeof(CumulativeProduct), typeof(CumulativeExtremum),
        typeof(Extremum), typeof(ExtremumIndex), typeof(ArgSort), typeof(MatMul), typeof(MatMulSum), typeof(DualMatMul), typeof(Convolution), typeof(Iota), typeof(RandomBits), typeof(Primitives.Barrier), typeof(Symbol),
        typeof(Scan), typeof(While), typeof(Attention), typeof(AttentionTangent), typeof(AttentionGradient), typeof(NeuronAttention), typeof(FourierTransform),
        typeof(RealFourierTransform), typeof(InverseRealFourierTransform),
        typeof(Softmax), typeof(SoftmaxGradient), typeof(LogSoftmax), typeof(LogSoftmaxGradient), typeof(LogSumExp), typeof(SumOfSquares),
        typeof(CrossEntropy), typeof(CrossEntropyGradient), typeof(LayerNorm), typeof(LayerNormGradient), typeof(Variance),
        typeof(BatchNormalization), typeof(BatchNormalizationGradient),
        typeof(AxisSums), typeof(ChannelMix), typeof(ChannelOuter), typeof(SpectralConvolution), typeof(SpectralOuter),
        typeof(WindowMax), typeof(WindowMaxGradient), typeof(Cholesky), typeof(TriangularSolve),
    ];

    /// <summary>
    /// True for what the kernels do. Of the others a plan uses the definition, and <see cref="Perform"/> takes those that have none to the host.
    /// </summary>
    internal override bool Runs(Primitive primitive) =>
        primitive is ElementwisePrimitive or ViewPrimitive or AliasPrimitive || WithKernels.Contains(primitive.GetType())
        || (primitive is RoundedMatMul && TensorCores is not null);

    /// <summary>
    /// Runs a primitive's verbs; one that has neither kernels nor a definition (a factorisation, but Cholesky's of small matrices) is computed
    /// on the host: its operands are downloaded and its results uploaded, in the stream's order like any other step.
    /// </summary>
    internal override void Perform(Primitive primitive, View[] x, View[] y)
    {
        if (Runs(primitive) && !IsForHost(primitive, x)) primitive.Evaluate(this, x, y);
        else PerformOnHost(primitive, x, y);
    }

    private void PerformOnHost(Primitive primitive, View[] x, View[] y)
    {
        var borrowed = new List<Storage>();
        try
        {
            var operands = Array.ConvertAll(x, view => OnHost(view, borrowed));
            var results = Array.ConvertAll(y, view => Borrow(view, borrowed));
            lock (Host.Gate) primitive.Evaluate(Host, operands, results);
            for (var i = 0; i < y.Length; i++) Upload(results[i], y[i]);
        }
        finally
        {
            Release(borrowed);
        }
    }

    private View OnHost(View view, List<Storage> borrowed)
    {
        var dense = Contiguous(view, borrowed);
        var copy = Borrow(view, borrowed);
        var bytes = view.Size * view.Type.Bytes();
        for (long done = 0; done < bytes; done += Chunk)
            Download(dense.Storage, dense.Layout.Offset * view.Type.Bytes() + done, Span(copy, done, bytes));
        return copy;
    }

    private void Upload(View source, View destination)
    {
        var bytes = source.Size * source.Type.Bytes();
        for (long done = 0; done < bytes; done += Chunk)
            Upload(Span(source, done, bytes), destination.Storage, done);
    }

    private static View Borrow(View like, List<Storage> borrowed)
    {
        var view = Host.NewView(like.Shape, like.Type);
        borrowed.Add(view.Storage);
        return view;
    }

    // The host's handles are addresses.
    private static unsafe Span<byte> Span(View view, long start, long end) =>
        new((byte*)view.Storage.Handle + start, (int)Math.Min(Chunk, end - start));
}
