using Noether.Nn;

namespace Noether.Examples.Digits;

/// <summary>While training, moves every image by its own whole number of pixels along both axes; what enters is 0. Else does nothing.</summary>
/// <param name="Reach">The most pixels.</param>
internal sealed record RandomShift(int Reach) : Module
{
    /// <inheritdoc/>
    public override Parameters Init(RandomKey key, DType type = DType.Float32) => Parameters.Empty;

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context)
    {
        if (!context.IsTraining || Reach == 0) return x;
        var (rows, columns) = context.Key.Split();
        return Moves(rows, x).MatMul(x).MatMul(Moves(columns, x));
    }

    // A move is the product with a matrix of one shifted diagonal: [batch, 1, n, n] for square images.
    private Tensor Moves(RandomKey key, Tensor x)
    {
        int batch = x.Shape[0], n = x.Shape[^1];
        var place = Tensor.Arange(n, device: x.Device);
        var by = key.Integers([batch, 1, 1, 1], -Reach, Reach + 1);
        return (place.Unsqueeze(1) + by).Equal(place).To(x.DType);
    }
}
