using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Transforms;

/// <summary>
/// Vmap's algebra: a product with an affine combination of matrices is that combination of products, so the batch needs a product for each matrix
/// and not for each example.
/// </summary>
/// <remarks>
/// On a loss surface <c>Vmap(a => Vmap(b => Loss(w0 + a·d1 + b·d2)))</c> the first layer multiplies the same data with weights that differ from
/// point to point, n² products. But a product is linear in each operand: <c>x·(w0 + a·d1 + b·d2) = x·w0 + a·(x·d1) + b·(x·d2)</c>, three products
/// however fine the grid, and what remains for each point is elementwise. The same holds for correlations, on the line <c>(1-a)·w0 + a·w1</c>, and
/// for a batched left operand.
/// <para>
/// Where a bilinear operation meets a shared operand and a batched one, the batched one is read backwards as <c>Σ f·m</c>: sums, differences,
/// views and other linear operations, scaling by numbers of the batch (f) and by shared tensors, down to shared tensors (m). Nested Vmaps need nothing more:
/// the inner one sees <c>w0 + a·d1</c> as shared, and leaves a product with it to the outer one. If both operands are batched there is nothing to save.
/// </para>
/// <para>
/// It is done where it saves <see cref="Gain"/> times the arithmetic or more, and on float32 and float64 only. Results differ from the loop's in
/// their last bits, as sums of the same terms in another order do: the error is relative to <c>Σ |f|·|x·m|</c>, so where terms cancel it is relative to
/// them and not to the small sum, here as well as in the loop.
/// </para>
/// </remarks>
internal sealed class Distribution(Dictionary<Tensor, (Tensor Value, bool Batched)> replaced, int size)
{
    private const double Gain = 4; // less would not repay the passes over the results
    private const int MaxTerms = 8;
    private const int MaxDepth = 64; // of the expression that makes the operand

    private readonly Dictionary<Tensor, Term[]?> known = [];
    private readonly Dictionary<Tensor, Tensor?> factors = [];

    /// <summary>The batch of results of a bilinear operation as a combination of shared ones; null if it is none or if nothing is saved.</summary>
    public Tensor? Of(Node node)
    {
        if (node.Primitive is not BilinearPrimitive || node.Outputs[0].DType is not (DType.Float32 or DType.Float64)) return null;
        if (TermsOf(node, 0) is not { } terms || !Pays(node, terms)) return null;
        known[node.Outputs[0]] = terms;
        Integers axes = [size, .. Enumerable.Repeat(1, node.Outputs[0].Rank)];
        Tensor? sum = null;
        foreach (var (factor, result) in terms)
        {
            var scaled = factor is null ? result : factor.Reshape([.. axes]) * result;
            sum = sum is null ? scaled : sum + scaled;
        }

        return sum;
    }

    // What is counted: the product, and an addition and a multiplication for each term wherever the combination is formed.
    private bool Pays(Node node, Term[] terms)
    {
        var operand = node.Inputs[IsBatched(node.Inputs[0]) ? 0 : 1];
        TensorType[] x = Array.ConvertAll(node.Inputs, TypeOf), y = Array.ConvertAll(node.Outputs, TypeOf);
        var product = Cost.Of(new(node.Primitive, null, [], []), x, y).Flops;
        var plain = size * (product + (2.0 * terms.Length * operand.Size));
        return plain >= Gain * terms.Length * (product + (2.0 * size * y[0].Shape.Size));
    }

    // A batched value as a sum of shared ones times numbers of the batch; null: it is none, or not a short one.
    private Term[]? Terms(Tensor x, int depth)
    {
        if (!IsBatched(x)) return [new(null, ValueOf(x))];
        if (known.TryGetValue(x, out var terms)) return terms;
        if (depth < MaxDepth && x.Node is { Outputs.Length: 1 } node) terms = TermsOf(node, depth + 1);
        return known[x] = terms is { Length: <= MaxTerms } ? terms : null;
    }

    private Term[]? TermsOf(Node node, int depth)
    {
        var x = node.Inputs;
        switch (node.Primitive)
        {
            case Variable:
                return Terms(x[0], depth);
            case Add:
                return Sum(Terms(x[0], depth), Terms(x[1], depth));
            case Subtract:
                return Sum(Terms(x[0], depth), Each(x[1], depth, static m => -m));
            case Negate:
                return Each(x[0], depth, static m => -m);
            case Multiply when Factor(x[0]) is { } factor:
                return Scaled(Terms(x[1], depth), f => f is null ? factor : f * factor);
            case Multiply when Factor(x[1]) is { } factor:
                return Scaled(Terms(x[0], depth), f => f is null ? factor : f * factor);
            case Divide when Factor(x[1]) is { } divisor:
                return Scaled(Terms(x[0], depth), f => f is null ? 1 / divisor : f / divisor);
            case Divide when !IsBatched(x[1]):
            case LinearPrimitive linear when linear.LinearOperands(x.Length) == 1 && !Array.Exists(x[1..], IsBatched):
                return Each(x[0], depth, m => Tensor.Apply(node.Primitive, [m, .. x[1..].Select(ValueOf)]));
            case Multiply or BilinearPrimitive when !IsBatched(x[1]):
                return Each(x[0], depth, m => Tensor.Apply(node.Primitive, m, ValueOf(x[1])));
            case Multiply or BilinearPrimitive when !IsBatched(x[0]):
                return Each(x[1], depth, m => Tensor.Apply(node.Primitive, ValueOf(x[0]), m));
            default:
                return null;
        }
    }

    // A number for each example, which the value repeats all over: [size]. Null: the value is no such thing.
    private Tensor? Factor(Tensor x)
    {
        if (!IsBatched(x)) return null;
        if (factors.TryGetValue(x, out var factor)) return factor;
        factor = x.Size == 1 ? ValueOf(x).Reshape([size])
            : x.Node is { Primitive: Broadcast or Reshape or Permute or Variable } node ? Factor(node.Inputs[0])
            : null;
        return factors[x] = factor;
    }

    private Term[]? Each(Tensor x, int depth, Func<Tensor, Tensor> f) => Terms(x, depth) is { } terms ? Array.ConvertAll(terms, t => t with { Shared = f(t.Shared) }) : null;

    private static Term[]? Scaled(Term[]? terms, Func<Tensor?, Tensor> f) => terms is null ? null : Array.ConvertAll(terms, t => t with { Factor = f(t.Factor) });

    // Terms of one factor are one, those without factor among them.
    private static Term[]? Sum(Term[]? first, Term[]? second)
    {
        if (first is null || second is null) return null;
        List<Term> sum = [.. first];
        foreach (var term in second)
        {
            var i = sum.FindIndex(t => ReferenceEquals(t.Factor, term.Factor));
            if (i < 0) sum.Add(term);
            else sum[i] = term with { Shared = sum[i].Shared + term.Shared };
        }

        return [.. sum];
    }

    private bool IsBatched(Tensor x) => replaced.TryGetValue(x, out var r) && r.Batched;

    private Tensor ValueOf(Tensor x) => replaced.TryGetValue(x, out var r) ? r.Value : x;

    private static TensorType TypeOf(Tensor x) => new(x.Shape, x.DType);

    /// <summary>Something shared by all examples times a number of each.</summary>
    /// <param name="Factor">[size]; null: one.</param>
    /// <param name="Shared">Of the shape of one example's value.</param>
    private readonly record struct Term(Tensor? Factor, Tensor Shared);
}
