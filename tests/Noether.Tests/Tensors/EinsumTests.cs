using FsCheck;
using FsCheck.Fluent;
using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

public class EinsumTests
{
    private static readonly Tensor X = Sampling.Values([2, 3]);
    private static readonly Tensor Y = Sampling.Values([3, 4], seed: 1);
    private static readonly Tensor Square = Sampling.Values([3, 3], seed: 2);

    [TestCase("ij,jk->ik")]
    [TestCase("ij,jk")]
    [TestCase("ij , jk -> ki")]
    [TestCase("ij,jk->k")]
    [TestCase("ij,jk->")]
    [TestCase("ij,jk->ijk")]
    [TestCase("ba,ac")]
    public void Two_matrices(string subscripts) => Agree(subscripts, X, Y);

    [TestCase("ii->i")]
    [TestCase("ii")]
    [TestCase("ij->ji")]
    [TestCase("ij->j")]
    [TestCase("...->...")]
    [TestCase("i...->...i")]
    [TestCase("...ii")]
    public void One_matrix(string subscripts) => Agree(subscripts, Square);

    [Test]
    public void Ellipses_broadcast()
    {
        Agree("...ij,...jk->...ik", Sampling.Values([2, 1, 2, 3]), Sampling.Values([4, 3, 2], seed: 1));
        Agree("...i,i", Sampling.Values([2, 2, 3]), Sampling.Values([3], seed: 1));
        Agree("i...j,j->i...", Sampling.Values([2, 4, 3]), Sampling.Values([1], seed: 1));
        Agree("...,...", Sampling.Values([2, 3]), Sampling.Values([1, 3], seed: 1));
    }

    [Test]
    public void Several_operands_and_empty_sums()
    {
        Agree("ij,jk,kl->il", X, Y, Sampling.Values([4, 2], seed: 3));
        Agree("bi,bj,bk->ijk", Sampling.Values([4, 2]), Sampling.Values([4, 3], seed: 1), Sampling.Values([4, 2], seed: 2));
        Agree("ii,ij,j->", Square, Square, Sampling.Values([3], seed: 1));
        Agree("ij,jk->ik", Sampling.Values([2, 0]), Sampling.Values([0, 3]));
        Agree(",i->i", Sampling.Values([]), Sampling.Values([3], seed: 1));
        Agree("bi,bi->b", Sampling.Values([9, 2]), Sampling.Values([9, 2], seed: 1));
    }

    [Test]
    public void Random_subscripts_agree_with_the_plain_loop()
    {
        var cases = Gen.Choose(0, int.MaxValue - 1).Select(seed => Random(new Random(seed)));
        Prop.ForAll(cases.ToArbitrary(), c => Agree(c.Subscripts, c.Operands)).Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithQuietOnSuccess(true));
    }

    [Test]
    public void Derivatives_are_those_of_the_matrix_product()
    {
        Tensor Cubes(Tensor y) => (y * y * y).Sum();
        Tensor By(string subscripts, Tensor x) => Cubes(Tensor.Einsum(subscripts, x, Y));
        var product = Hvp(x => Cubes(x.MatMul(Y)), X, X.Square());
        Assert.That(Hvp(x => By("ij,jk->ki", x), X, X.Square()).ToArray<double>(), Is.EqualTo(product.ToArray<double>()).Within(1e-11)); // sums of a dozen products
        var trace = Grad(x => Tensor.Einsum("ii", x) * Tensor.Einsum("ij->", x))(Square);
        var expected = Tensor.Eye(3, DType.Float64, Device.Host) * Square.Sum() + Square.Trace();
        Assert.That(trace.ToArray<double>(), Is.EqualTo(expected.ToArray<double>()).Within(1e-13));
    }

    [Test]
    public void Types_are_promoted_and_kept()
    {
        Assert.That(Tensor.Einsum("ij->i", X.To(DType.Int32)).DType, Is.EqualTo(DType.Int32));
        Assert.That(Tensor.Einsum("ij,jk", X.To(DType.Float32), Y).DType, Is.EqualTo(DType.Float64));
    }

    [TestCase("ij,jk,kl", "terms")]
    [TestCase("ij,kj->ik", "sizes")]
    [TestCase("ij,jk->im", "'m'")]
    [TestCase("ij,jk->ii", "twice")]
    [TestCase("i,jk->i", "rank")]
    [TestCase("i1,jk->i", "'1'")]
    public void What_does_not_fit_is_named(string subscripts, string rule) =>
        Assert.That(
            () => Tensor.Einsum(subscripts, X, Y),
            Throws.TypeOf<ShapeException>().With.Message.Contains(subscripts).And.Message.Contains(rule).And.Message.Contains("[2, 3]"));

    // Up to three operands of up to four axes over five letters; sizes of one stretch where another operand has more.
    private static (string Subscripts, Tensor[] Operands) Random(Random random)
    {
        int[] sizes = [.. Enumerable.Range(0, 5).Select(_ => random.Next(1, 4))];
        var terms = new string[random.Next(1, 4)];
        var operands = new Tensor[terms.Length];
        for (var i = 0; i < terms.Length; i++)
        {
            terms[i] = string.Concat(Enumerable.Range(0, random.Next(0, 5)).Select(_ => (char)('a' + random.Next(5))));
            operands[i] = Sampling.Values([.. terms[i].Select(l => random.Next(6) == 0 && terms[i].Count(m => m == l) == 1 ? 1 : sizes[l - 'a'])], seed: i);
        }

        char[] letters = [.. terms.SelectMany(t => t).Distinct().OrderBy(_ => random.Next())];
        return ($"{string.Join(',', terms)}->{new string(letters[..random.Next(0, letters.Length + 1)])}", operands);
    }

    private static void Agree(string subscripts, params Tensor[] operands)
    {
        var y = Tensor.Einsum(subscripts, operands);
        var (shape, expected) = Loop(subscripts.Replace(" ", ""), operands);
        Assert.That(y.Shape, Is.EqualTo(shape), subscripts);
        Assert.That(y.ToArray<double>(), Is.EqualTo(expected).Within(1e-10), subscripts); // at most 243 products below 8, in another order
    }

    /// <summary>Every assignment of numbers to letters, one after the other; the ellipsis as capitals, aligned from Z.</summary>
    private static (Shape Shape, double[] Values) Loop(string subscripts, Tensor[] operands)
    {
        var sides = subscripts.Split("->");
        string[] terms = [.. sides[0].Split(',').Select((t, i) => Written(t, operands[i].Rank - t.Replace("...", "").Length))];
        var widest = terms.Max(t => t.Count(char.IsUpper));
        var output = sides.Length == 2
            ? Written(sides[1], widest)
            : Written("...", widest) + string.Concat(terms.SelectMany(t => t).Where(char.IsLower).GroupBy(l => l).Where(g => g.Count() == 1).Select(g => g.Key).Order());
        char[] letters = [.. output, .. terms.SelectMany(t => t).Distinct().Except(output)];
        int[] sizes = [.. letters.Select(l => terms.SelectMany((t, i) => t.Select((m, a) => m == l ? operands[i].Shape[a] : 1)).Aggregate(1, (a, b) => a == 1 ? b : a))];
        Shape shape = [.. sizes[..output.Length]];
        var values = operands.Select(x => x.ToArray<double>()).ToArray();
        var sums = new double[shape.Size];
        var total = sizes.Aggregate(1, (a, b) => a * b);
        for (var n = 0; n < total; n++)
        {
            var at = new Dictionary<char, int>();
            var rest = n;
            for (var i = letters.Length - 1; i >= 0; rest /= sizes[i--]) at[letters[i]] = rest % sizes[i];
            var product = 1.0;
            for (var i = 0; i < operands.Length; i++)
                product *= values[i][terms[i].Select((l, a) => operands[i].Shape[a] == 1 ? 0 : at[l]).Zip(operands[i].Shape.Strides()).Sum(p => p.First * p.Second)];
            sums[(int)(shape.Size * n / total)] += product; // the output's letters are the slowest
        }

        return (shape, sums);

        static string Written(string term, int hidden) => term.Replace("...", string.Concat(Enumerable.Range(0, Math.Max(hidden, 0)).Select(i => (char)('Z' - hidden + 1 + i))));
    }
}
