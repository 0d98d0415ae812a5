using Noether.Primitives;

namespace Noether.Tests.Conformance;

/// <summary>A primitive with a definition has the definition's value.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Definitions
{
    private static IEnumerable<TestCaseData> Defined => Cases.Samples.Where(c => c.Arguments[0] is Sample sample && sample.Primitive.Definition(sample.Inputs) is not null);

    // Sums in another order differ by a few units in the last place of float64.
    [TestCaseSource(nameof(Defined))]
    public void Definition_and_verb_agree(Sample sample)
    {
        var verb = Tensor.ApplyMany(sample.Primitive, sample.Inputs);
        var definition = sample.Primitive.Definition(sample.Inputs)!;
        for (var k = 0; k < verb.Length; k++)
        {
            Assert.That(definition[k].Shape, Is.EqualTo(verb[k].Shape));
            Assert.That(definition[k].DType, Is.EqualTo(verb[k].DType));
            Assert.That(definition[k].ToArray<double>(), Is.EqualTo(verb[k].ToArray<double>()).Within(1e-12));
        }
    }
}
