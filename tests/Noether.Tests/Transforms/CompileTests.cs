using static Noether.Transform;

namespace Noether.Tests.Transforms;

[Parallelizable(ParallelScope.All)]
public sealed class CompileTests
{
    private static readonly Tensor X = Tensor.From([0.3, -1.2, 2.0], device: Device.Host);

    [Test]
    public void Each_structure_of_the_argument_has_its_own_plan_and_result()
    {
        var f = Compile((Named x) => new Named(x.Name + "!", x.Name == "a" ? x.Value + 1 : x.Value + 2));
        for (var repeat = 0; repeat < 2; repeat++)
        {
            foreach (var (name, step) in (ReadOnlySpan<(string, double)>)[("a", 1), ("b", 2)])
            {
                var y = f(new(name, X));
                Assert.That(y.Name, Is.EqualTo(name + "!"));
                Assert.That(y.Value.ToArray<double>(), Is.EqualTo((X + step).ToArray<double>()));
            }
        }
    }

    [Test]
    public void Results_keep_the_structure_of_their_own_signature()
    {
        var f = Compile((Named x) => new Named($"{x.Value.Rank}", x.Value * 2));
        var matrix = X.Unsqueeze(0);
        Assert.That((string[])[f(new("", X)).Name, f(new("", matrix)).Name, f(new("", X)).Name], Is.EqualTo((string[])["1", "2", "1"]));
    }

    [Test]
    public void A_compiled_function_is_shared_between_threads()
    {
        var f = Compile((Named x) => new Named(x.Name, x.Value * x.Value.Rank + x.Name.Length));
        Parallel.For(0, 64, i =>
        {
            var x = new Named(new string('n', i % 3), i % 2 == 0 ? X : X.Unsqueeze(0));
            var y = f(x);
            Assert.That(y.Name, Is.EqualTo(x.Name));
            Assert.That(y.Value.ToArray<double>(), Is.EqualTo((X * x.Value.Rank + x.Name.Length).ToArray<double>()));
        });
    }

    [Test]
    public void What_follows_from_captured_values_alone_is_computed_once()
    {
        var a = (X.Unsqueeze(0) * X.Unsqueeze(1)).Evaluate();
        var f = Compile((Tensor x) => x.MatMul(a.MatMul(a).Exp()) + Tensor.Zeros([3], DType.Float64, Device.Host));
        var first = f(X).ToArray<double>();
        var again = Profiler.Record(() => f(X).Evaluate());
        Assert.That(again.Entries.Where(static e => e.Operation.Contains("MatMul")).Sum(static e => e.Calls), Is.EqualTo(1), $"{again}");
        Assert.That(again.Entries.Select(static e => e.Operation), Has.None.Contains("Exp"));
        Assert.That(f(X).ToArray<double>(), Is.EqualTo(first));
        Assert.That(first, Is.EqualTo(X.MatMul(a.MatMul(a).Exp()).ToArray<double>()).Within(1e-14));
    }

    [Test]
    public void The_linear_map_of_a_gradient_keeps_the_primal_pass()
    {
        var w = (X.Unsqueeze(0) * X.Unsqueeze(1)).Evaluate();
        Tensor Loss(Tensor p) => p.MatMul(p.Tanh()).Square().Sum();
        var push = Compile((Tensor v) => Hvp(Loss, w, v));
        var whole = Compile((Tensor p, Tensor v) => Hvp(Loss, p, v));
        push(w);
        whole(w, w);
        var (kept, anew) = (Profiler.Record(() => push(w + 1).Evaluate()), Profiler.Record(() => whole(w, w + 1).Evaluate()));
        Assert.That(Flops(kept), Is.LessThan(Flops(anew)), $"{kept}\n{anew}");
        Assert.That((push(w + 1) - whole(w, w + 1)).Abs().Max().Item(), Is.LessThan(1e-12));

        static double Flops(Profile profile) => profile.Entries.Where(static e => e.Operation.Contains("MatMul")).Sum(static e => e.Flops);
    }

    [Test]
    public void One_tensor_may_be_donated_twice_and_beside_itself()
    {
        var step = Compile((Tensor[] a) => [a[0] + a[1], a[0] - 2 * a[1]], 0, 1);
        var x = (X + 0).Evaluate();
        var y = step([x, x]);
        Assert.That(y[0].ToArray<double>(), Is.EqualTo((2 * X).ToArray<double>()));
        Assert.That(y[1].ToArray<double>(), Is.EqualTo((-X).ToArray<double>()));
    }

    [Test]
    public void A_donated_argument_that_others_show_is_left_alone()
    {
        var step = Compile((Tensor[] a) => [a[0] * 3], 0);
        var x = (X + 0).Evaluate();
        var shown = x.Reshape(3, 1).Evaluate();
        step([x])[0].Evaluate();
        Assert.That(shown.Flatten().ToArray<double>(), Is.EqualTo(X.ToArray<double>()));
    }

    [Test]
    public void A_donated_argument_may_be_returned_and_read_at_once()
    {
        var step = Compile((Tensor[] a) => [a[0].Reshape(3, 1), a[0] * 2, a[0].Sum()], 0);
        var y = step([(X + 0).Evaluate()]);
        Assert.That(y[0].Flatten().ToArray<double>(), Is.EqualTo(X.ToArray<double>()));
        Assert.That(y[1].ToArray<double>(), Is.EqualTo((2 * X).ToArray<double>()));
    }

    [Test]
    public void A_captured_tensor_that_was_donated_is_named_when_missed()
    {
        var w = (X + 0).Evaluate();
        var f = Compile((Tensor[] a) => [a[0] * w], 0);
        Assert.That(f([w])[0].ToArray<double>(), Is.EqualTo((X * X).ToArray<double>()), "captured and given: it is left alone");
        Assert.That(f([(X + 0).Evaluate()])[0].ToArray<double>(), Is.EqualTo((X * X).ToArray<double>()));
        Compile((Tensor[] a) => [a[0] + 1], 0)([w]);
        Assert.That(() => f([(X + 0).Evaluate()]), Throws.TypeOf<DisposedException>().With.Message.Contains("donated"));
    }

    /// <summary>A tree of one leaf whose structure is a name.</summary>
    private sealed record Named(string Name, Tensor Value) : ITensorTree<Named>
    {
        public IReadOnlyList<Tensor> Leaves => [Value];

        public object? Structure => Name;

        public Named WithLeaves(IReadOnlyList<Tensor> leaves) => this with { Value = leaves[0] };
    }
}
