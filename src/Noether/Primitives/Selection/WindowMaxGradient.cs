using Noether.Devices;

namespace Noether.Primitives;

/// <summary>The gradient of <see cref="WindowMax"/> from the windows' cotangents and the positions of their largest elements, which lie in the windows.</summary>
/// <remarks>
/// A scatter, by its definition; but an element's windows are known, so that accelerators gather: nothing is sorted and nothing added atomically.
/// The host scatters.
/// </remarks>
/// <param name="Windows">Which windows.</param>
/// <param name="Result">The shape of the elements.</param>
public sealed record WindowMaxGradient(WindowMax Windows, Shape Result) : FusedPrimitive, ISampled
{
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples
    {
        get
        {
            foreach (var sample in WindowMax.Samples)
            {
                var windows = (WindowMax)sample.Primitive;
                var y = Tensor.ApplyMany(windows, sample.Inputs);
                yield return new(new WindowMaxGradient(windows, sample.Inputs[0].Shape), Sampling.Values(y[0].Shape), y[1]);
            }
        }
    }

    internal override TensorType[] Infer(Tensor[] x) => [new(Result, Rules.Floating(Name, [x[0].DType]))];

    /// <summary>Adds each cotangent at its position.</summary>
    internal override Tensor[] Define(Tensor[] x) => [Tensor.Apply(new ScatterAdd(0, checked((int)Result.Size)), x[0], x[1]).Reshape(Result)];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size)
    {
        if (!batched[0] || !batched[1]) return base.Batch(x, batched, size);

        // Positions count within each member, and here among all.
        var starts = Tensor.Arange(size, DType.Int64, x[0].Device) * (int)Result.Size;
        var positions = x[1] + starts.Reshape([size, .. Enumerable.Repeat(1, x[1].Rank - 1)]);
        return [Tensor.Apply(this with { Result = [size, .. Result] }, x[0], positions)];
    }

    internal override void Evaluate(Device device, View[] x, View[] y) => device.WindowMaxGradient(this, x[0], x[1], y[0]);
}
