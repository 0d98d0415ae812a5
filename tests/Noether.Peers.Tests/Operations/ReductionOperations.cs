using Noether.Peers.Tests.Oracle;
using static Noether.Peers.Tests.Oracle.Domain;
using static Noether.Peers.Tests.Oracle.Operation;

namespace Noether.Peers.Tests.Operations;

internal static class ReductionOperations
{
    public static IEnumerable<Operation> All { get; } =
    [
        Map("sum", Real, static x => x.Sum(), static x => x.sum()),
        Of("prod", static d => [d.Sizes(0, 2)], static x => x[0].Prod(), static x => x[0].prod(), NonZero),
        Along("sum along", static (x, a) => x.Sum(a), static (x, a) => x.sum(a), least: 0),
        Along("sum keeping", static (x, a) => x.Sum(a, keepAxis: true), static (x, a) => x.sum(a, keepdim: true), least: 0),
        Along("mean along", static (x, a) => x.Mean(a), static (x, a) => x.mean([a])),
        Along("prod along", static (x, a) => x.Prod(a), static (x, a) => x.prod(a), domain: NonZero, least: 0),
        Along("max along", static (x, a) => x.Max(a), static (x, a) => x.max(a).values),
        Along("min along", static (x, a) => x.Min(a), static (x, a) => x.min(a).values),
        Along("max keeping", static (x, a) => x.Max(a, keepAxis: true), static (x, a) => x.amax([a], keepdim: true)),
        Along("argmax", static (x, a) => x.ArgMax(a), static (x, a) => x.argmax(a), smooth: false),
        Along("argmin", static (x, a) => x.ArgMin(a), static (x, a) => x.argmin(a), smooth: false),
        Along("variance", static (x, a) => x.Var(a), static (x, a) => x.var(a), least: 2),
        Along("biased variance", static (x, a) => x.Var(a, correction: 0), static (x, a) => x.var(a, unbiased: false)),
        Along("deviation", static (x, a) => x.Std(a), static (x, a) => x.std(a), least: 2, slack: 10),
        Along("1-norm", static (x, a) => x.Norm(a, 1), static (x, a) => x.norm(a, false, 1), domain: NonZero),
        Along("2-norm", static (x, a) => x.Norm(a), static (x, a) => x.norm(a, false, 2), domain: NonZero),
        Along("3-norm", static (x, a) => x.Norm(a, 3), static (x, a) => x.norm(a, false, 3), domain: NonZero),
        Along("log-sum-exp", static (x, a) => x.LogSumExp(a), static (x, a) => x.logsumexp(a)),
        Along("all", static (x, a) => (x > -1).All(a), static (x, a) => (x > -1).all(a), smooth: false, least: 0),
        Along("any", static (x, a) => (x > 1).Any(a), static (x, a) => (x > 1).any(a), smooth: false, least: 0),
        Along("count of non-zeros", static (x, a) => x.Truncate().CountNonzero(a), static (x, a) => x.trunc().count_nonzero([a]), smooth: false),
        new("sum over two axes", static d =>
        {
            var shape = d.Sizes(2, 4);
            var axes = d.Order(shape.Length)[..2];
            return new([d.Operand(shape, Real)], x => x[0].Sum(axes), x => x[0].sum([axes[0], axes[1]]));
        }),
        new("max over two axes", static d =>
        {
            var shape = d.Sizes(2, 4);
            var axes = d.Order(shape.Length)[..2];
            return new([d.Operand(shape, Real, distinct: true)], x => x[0].Max(axes), x => x[0].amax([axes[0], axes[1]]));
        }),
        new("variance over two axes", static d =>
        {
            var shape = d.Sizes(2, 4, least: 2);
            var axes = d.Order(shape.Length)[..2];
            return new([d.Operand(shape, Real, distinct: true)], x => x[0].Var(axes), x => x[0].var([axes[0], axes[1]]));
        }),
        new("sum of integers", static d => new([d.Operand(d.Sizes(1, 3), Real)], x => (x[0] * 4).To(DType.Int32).Sum(0), x => (x[0] * 4).to_type(TorchSharp.torch.ScalarType.Int32).sum([0L])))
        {
            Differentiable = false,
        },
    ];
}
