namespace Noether.Tests.Diagnostics;

[NonParallelizable]
public sealed class DiagnosticsTests
{
    [Test]
    public void A_trace_lists_groups_and_products_with_shapes()
    {
        var x = Tensor.Ones([4, 4], DType.Float64, Device.Host).Evaluate();
        var lines = Trace.Record(() => (x + 1).Tanh().MatMul(x).Evaluate());
        Assert.That(lines, Has.Count.EqualTo(2));
        Assert.That(lines[0], Does.Contain("HyperbolicTangent"));
        Assert.That(lines[1], Does.Contain("MatMul").And.Contain("float64[4, 4]"));
    }

    [Test]
    public void Tracing_ends_with_the_action()
    {
        Trace.Record(() => { });
        Assert.That(Trace.IsOn, Is.False);
    }

    [Test]
    public void A_check_names_the_first_operation_that_made_a_NaN()
    {
        Debug.CheckNumerics = true;
        try
        {
            var x = Tensor.From([-1.0, 4], device: Device.Host);
            Assert.That(() => (x.Sqrt() + 1).Evaluate(), Throws.TypeOf<NumericsException>().With.Message.Contains("SquareRoot"));
            Assert.That((x.Abs().Sqrt() + 1).ToArray<double>(), Is.EqualTo([2.0, 3]));
        }
        finally
        {
            Debug.CheckNumerics = false;
        }
    }

    [Test]
    public void A_plan_is_explained_without_running()
    {
        var x = Tensor.Ones([4, 4], DType.Float64, Device.Host).Evaluate();
        var y = x.MatMul(x).Exp();
        Assert.That(Explain.Plan(y), Does.Contain("MatMul").And.Contain("Exponential").And.Contain("input float64[4, 4]"));
        Assert.That(y.View, Is.Null);
    }

    [Test]
    public void A_plan_tells_operations_bytes_and_the_memory_it_needs_at_once()
    {
        var x = Tensor.Ones([64, 64], DType.Float64, Device.Host).Evaluate();
        var y = (x.MatMul(x) + 1).Exp().MatMul(x);
        var text = Explain.Plan(y);
        Assert.That(text, Does.Contain("524288 FLOP").Or.Contain("0.5 MFLOP"), "2·64³");
        Assert.That(text, Does.Contain("2 kernels; 2 blocks taken, 1 results in place of an operand"));
        Assert.That(text, Does.Contain($"peak {2 * Noether.Devices.MemoryPool.CapacityFor(64 * 64 * 8)} bytes"));
        Assert.That(y.View, Is.Null);
    }
}
