using Noether.Models.SharpnessAware;
using Noether.Nn;

namespace Noether.Models.Tests.SharpnessAware;

public sealed class ContrastivePairTests
{
    private static readonly ContrastivePair Pair = new(new Sequential(new Linear(3, 6), Activation.Tanh), 6, new Linear(4, 5), 5, 7);

    [Test]
    public void The_loss_is_the_closed_form_for_two_pairs()
    {
        // cosines [[c, 0], [0, c]] once scaled: ln(1 + e^-s·c) both ways
        var (a, scale) = (Tensor.Eye(2, DType.Float64), Tensor.From(3.0));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ContrastivePair.SymmetricLoss(a, 0.5 * a, scale).Item(), Is.EqualTo(Math.Log(1 + Math.Exp(-1.5))).Within(1e-14));
            Assert.That(ContrastivePair.SymmetricLoss(a, a.Flip(0), scale).Item(), Is.EqualTo(Math.Log(1 + Math.Exp(3))).Within(1e-14));
            Assert.That(() => ContrastivePair.SymmetricLoss(a, a.Narrow(0, 0, 1), scale), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void Sides_change_places_without_changing_the_loss()
    {
        var (a, b) = (RandomKey.From(1).Normal([6, 3], type: DType.Float64), RandomKey.From(2).Normal([6, 3], type: DType.Float64));
        var scale = Tensor.From(2.0);
        Assert.That(ContrastivePair.SymmetricLoss(a, b, scale).Item(), Is.EqualTo(ContrastivePair.SymmetricLoss(b, a, scale).Item()).Within(1e-14));
    }

    [Test]
    public void Vectors_have_length_one_and_the_scale_begins_as_the_papers()
    {
        var p = Pair.Init(RandomKey.From(3), DType.Float64);
        var (a, b) = Pair.Encode(p, RandomKey.From(4).Normal([5, 3], type: DType.Float64), RandomKey.From(5).Normal([5, 4], type: DType.Float64), Context.ForInference());
        using (Assert.EnterMultipleScope())
        {
            Assert.That(a.Shape, Is.EqualTo(Shape.Create([5, 7])));
            Assert.That(a.Norm(1).ToArray<double>(), Has.All.EqualTo(1).Within(1e-9));
            Assert.That(b.Norm(1).ToArray<double>(), Has.All.EqualTo(1).Within(1e-9));
            Assert.That(Pair.Scale(p).Item(), Is.EqualTo(1 / 0.07).Within(1e-10));
            Assert.That(Pair.Scale(p.With("log_scale", Tensor.From(9.0))).Item(), Is.EqualTo(100));
        }
    }

    [Test]
    public void Partners_are_found_among_their_group_only()
    {
        var side = RandomKey.From(6).Normal([10, 8], type: DType.Float64);
        var unit = side / side.Norm(1, keepAxis: true);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(ContrastivePair.Retrieval(unit, unit, 5), Is.EqualTo(1));
            Assert.That(ContrastivePair.Retrieval(unit, unit.Roll(1), 10), Is.Zero);
            Assert.That(() => ContrastivePair.Retrieval(unit, unit, 11), Throws.TypeOf<ShapeException>());
        }
    }

    [Test]
    public void Descent_brings_pairs_together()
    {
        var (x, y) = (RandomKey.From(7).Normal([8, 3], type: DType.Float64), RandomKey.From(8).Normal([8, 4], type: DType.Float64));
        var p = Pair.Init(RandomKey.From(3), DType.Float64);
        double Now() => Pair.LossOf(p, x, y, Context.ForInference()).Item();
        var before = Now();
        var step = Transform.Compile<Parameters, Parameters>(q => q - Transform.Grad<Parameters>(r => Pair.LossOf(r, x, y, Context.ForInference()))(q) * 0.05);
        for (var i = 0; i < 100; i++) p = step(p);
        Assert.That(Now(), Is.LessThan(before / 2));
    }
}
