using static Noether.Transform;

namespace Noether.Tests.Graphs;

/// <summary>Graphs of equal structure share a plan, and repeated runs allocate their results only.</summary>
[NonParallelizable]
public sealed class PlanReuseTests
{
    // A tensor, its view and its storage, the arrays that hand it out: measured 300 to 400 bytes a result.
    private const long PerResult = 600;

    [Test]
    public void Graphs_of_equal_structure_give_their_own_values()
    {
        for (var i = 0; i < 6; i++)
        {
            var x = Tensor.From([1.0 * i, 2.0, 3.0 + i], device: Device.Host);
            var y = Tensor.From([1.0, 2.0 * i, -i], device: Device.Host);
            Assert.That(((x + y) * x).ToArray<double>(), Is.EqualTo((double[])[i * (i + 1.0), 2 * (2.0 + (2.0 * i)), (3.0 + i) * 3.0]).Within(1e-15));
            Assert.That(((y + x) * y).ToArray<double>(), Is.EqualTo((double[])[i + 1.0, 2.0 * i * (2.0 + (2.0 * i)), -i * 3.0]).Within(1e-15));
        }
    }

    [Test]
    public void Graphs_that_differ_in_a_shape_a_type_a_number_or_an_operand_do_not_share()
    {
        for (var repeat = 0; repeat < 4; repeat++)
        {
            var x = Tensor.From([1.0, 2.0, 3.0, 4.0], device: Device.Host);
            var narrow = x.To(DType.Float32).Evaluate();
            var square = x.Reshape(2, 2).Evaluate();
            Assert.That((x * x + 1).ToArray<double>(), Is.EqualTo((double[])[2, 5, 10, 17]));
            Assert.That((x * x + 2).ToArray<double>(), Is.EqualTo((double[])[3, 6, 11, 18]));
            Assert.That((narrow * narrow + 1).ToArray<double>(), Is.EqualTo((double[])[2, 5, 10, 17]));
            Assert.That((square * square + 1).Shape, Is.EqualTo(square.Shape));
            Assert.That((x * narrow + 1).ToArray<double>(), Is.EqualTo((double[])[2, 5, 10, 17]));
            Assert.That(square.Sum(0).ToArray<double>(), Is.EqualTo((double[])[4, 6]));
            Assert.That(square.Sum(1).ToArray<double>(), Is.EqualTo((double[])[3, 7]));
        }
    }

    [Test]
    public void A_plan_serves_leaves_of_every_layout()
    {
        var x = Tensor.Arange(12, DType.Float64, Device.Host).Reshape(3, 4).Evaluate();
        var f = Compile(a => (a * 2).Sum(0));
        for (var repeat = 0; repeat < 2; repeat++)
        {
            Assert.That(f(x).ToArray<double>(), Is.EqualTo((double[])[24, 30, 36, 42]));
            var transposed = x.Reshape(4, 3).Transpose().Evaluate();
            Assert.That(f(transposed).ToArray<double>(), Is.EqualTo((double[])[6, 24, 42, 60]));
            for (var start = 0; start < 4; start++)
            {
                var column = x.Narrow(1, start, 1).BroadcastTo([3, 4]).Evaluate();
                Assert.That(f(column).ToArray<double>(), Is.All.EqualTo(2 * (4 + 8 + (3 * start))));
            }
        }
    }

    [Test]
    public void A_result_that_shows_an_argument_is_at_the_argument_s_own_place()
    {
        var x = Tensor.Arange(10, DType.Float64, Device.Host).Evaluate();
        var f = Compile((Tensor[] a) => [a[0].Reshape(2, 2), a[0] + 1]);
        for (var start = 0; start < 6; start++)
        {
            var y = f([x.Narrow(0, start, 4).Evaluate()]);
            Assert.That(y[0].Flatten().ToArray<double>(), Is.EqualTo((double[])[start, start + 1, start + 2, start + 3]));
            Assert.That(y[1].ToArray<double>(), Is.EqualTo((double[])[start + 1, start + 2, start + 3, start + 4]));
        }
    }

    [Test]
    public void A_compiled_step_allocates_its_results_only()
    {
        var w = Tensor.Ones([8, 8], device: Device.Host).Evaluate();
        var step = Compile((Tensor[] a) => [a[0].MatMul(a[1]).Reshape(64).Reshape(8, 8).Transpose().MatMul(a[0]).MatMul(a[1])]);
        Tensor[] arguments = [w, w];
        Assert.That(AllocatedBy(() => step(arguments)[0].Dispose()), Is.LessThan(PerResult));
    }

    [Test]
    public void Plans_are_kept_per_thread_of_control_when_a_step_runs_inside_itself()
    {
        var sum = Compile(a => Scan((c, s) => (c + s, c), Tensor.Zeros([], DType.Float64, Device.Host), a).Carry);
        var x = Tensor.From([1.0, 2, 3], device: Device.Host);
        Parallel.For(0, 16, _ => Assert.That(sum(x).Item(), Is.EqualTo(6)));
    }

    [Test]
    public void A_failed_run_gives_its_blocks_back_and_the_next_succeeds()
    {
        var f = Compile(a => Noether.LinearAlgebra.Cholesky(a + 0.0 * a.Transpose()));
        var good = Tensor.From(new double[,] { { 4, 0 }, { 0, 9 } }, Device.Host);
        var bad = Tensor.From(new double[,] { { -4, 0 }, { 0, 9 } }, Device.Host);
        f(good).Dispose();
        var before = Memory.Live(Device.Host);
        for (var i = 0; i < 3; i++) Assert.That(() => f(bad), Throws.TypeOf<MatrixException>());
        Assert.That(Memory.Live(Device.Host), Is.EqualTo(before));
        Assert.That(f(good).Flatten().ToArray<double>(), Is.EqualTo((double[])[2, 0, 0, 3]));
    }

    private static long AllocatedBy(Action action)
    {
        const int warm = 50, measured = 200;
        for (var i = 0; i < warm; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < measured; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / measured;
    }
}
