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
