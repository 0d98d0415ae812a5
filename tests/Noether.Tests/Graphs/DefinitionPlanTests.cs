using Noether.Primitives;

namespace Noether.Tests.Graphs;

/// <summary>Plans for a device without the verbs: the simulator.</summary>
[Category("Simulator")]
public sealed class DefinitionPlanTests
{
    [Test]
    public void Only_the_outputs_that_are_asked_for_are_computed_from_a_definition()
    {
        var device = Device.Open("simulator");
        var x = Tensor.From([1.0, 5, 2, 3], [1, 4], device);
        var top = Tensor.ApplyMany(new TopK(1, 2, true), x);
        var pending = top[0] * 2;
        Assert.That(top[1].ToArray<long>(), Is.EqualTo(new long[] { 1, 3 }));
        Assert.That(pending.ToArray<double>(), Is.EqualTo(new[] { 10.0, 6 }));
    }
}
