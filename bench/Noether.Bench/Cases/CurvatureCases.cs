using Noether.Models.LossLandscapes;
using Noether.Nn;
using static Noether.Transform;

namespace Noether.Bench.Cases;

/// <summary>
/// What spectra and landscapes are made of: gradients and Hessian-vector products of ResNet-20 under frozen statistics, anew and at a fixed point, where the
/// primal pass is kept; and its losses on a plane.
/// </summary>
internal static class CurvatureCases
{
    private const int Batch = 32, SurfaceBatch = 100, Side = 32, Classes = 10, Points = 5;

    /// <summary>ResNet-20.</summary>
    public static readonly Module Network = ImageNetworks.Residual(20);
    private static readonly Parameters Like = Network.Init(RandomKey.From(0));
    private static readonly Parameters State = Network.InitState();

    /// <summary>Its weights in the order of use; scales so small that nothing grows from block to block, where statistics do not hold it.</summary>
    public static readonly Operand[] Weights =
        [.. Like.Leaves.Select(static p => ImageCases.Weights(p.Shape.AsSpan().ToArray()) is var drawn && p.Rank == 1 ? drawn with { Scale = 0.3 } : drawn)];

    public static IEnumerable<Case> All { get; } =
    [
        Of("ResNet-20 gradient", "residual-gradient", [], 3, static a =>
        {
            var f = Compile((Tensor[] x) => [.. Grad<Parameters>(p => LossOf(p, x[0], x[1]))(Like.WithLeaves(x[2..])).Leaves]);
            return () => f(a);
        }),
        Of("ResNet-20 Hessian product", "residual-hvp", Weights, 8, static a =>
        {
            var f = Compile((Tensor[] x) => [.. Hvp(p => LossOf(p, x[0], x[1]), At(x), Along(x)).Leaves]);
            return () => f(a);
        }),
        Of("ResNet-20 Hessian product at a fixed point", "residual-hvp-fixed", Weights, 6, static a =>
        {
            var f = Compile((Tensor[] v) => [.. Hvp(p => LossOf(p, a[0], a[1]), At(a), Like.WithLeaves(v)).Leaves]);
            return () => f(a[(2 + Like.Count)..]);
        }),
        Surface(),
    ];

    private static Parameters At(Tensor[] a) => Like.WithLeaves(a[2..(2 + Like.Count)]);

    private static Parameters Along(Tensor[] a) => Like.WithLeaves(a[(2 + Like.Count)..]);

    private static Tensor LossOf(Parameters p, Tensor x, Tensor labels) => Loss.CrossEntropy(Network.Apply(p, x, Context.ForInference(State)), labels);

    // Operands: images, labels, weights, then tangents.
    private static Case Of(string name, string operation, Operand[] tangents, int passes, Func<Tensor[], Func<Tensor[]>> ours) =>
        new("curvature", $"{name}, batch {Batch} of 3x{Side}x{Side}", operation, [new([Batch, 3, Side, Side]), new([Batch], Classes: Classes), .. Weights, .. tangents], ours)
        {
            Tolerance = 5e-3, // twenty layers of ReLU: an activation next to 0 may pass on one side only
            Flops = 2.0 * passes * Batch * ImageCases.ResidualMultiplyAdds,
            Bytes = sizeof(float) * Batch * passes * 20.0 * 16 * Side * Side / 2,
        };

    // Operands: images, labels, the two coordinates, weights, first and second direction.
    private static Case Surface()
    {
        var f = Compile((Tensor[] a) =>
        {
            Tensor LossAt(Tensor s, Tensor t)
            {
                var (weights, first, second) = (a[4..(4 + Like.Count)], a[(4 + Like.Count)..(4 + 2 * Like.Count)], a[(4 + 2 * Like.Count)..]);
                return LossOf(Like.WithLeaves([.. weights.Select((w, i) => w + s * first[i] + t * second[i])]), a[0], a[1]);
            }

            return [Vmap(s => Vmap(t => LossAt(s, t))(a[3]))(a[2])];
        });
        return new(
            "curvature", $"surface of ResNet-20, {Points}x{Points} points, {SurfaceBatch} images 3x{Side}x{Side}", "residual-surface",
            [
                new([SurfaceBatch, 3, Side, Side]), new([SurfaceBatch], Classes: Classes), new([Points], Scale: 0.1), new([Points], Scale: 0.1),
                .. Weights, .. Weights, .. Weights,
            ],
            a => () => f(a))
        {
            Tolerance = 5e-3,
            Flops = 2.0 * Points * Points * SurfaceBatch * ImageCases.ResidualMultiplyAdds,
            Bytes = sizeof(float) * Points * Points * SurfaceBatch * 20.0 * 16 * Side * Side / 2,
        };
    }
}
