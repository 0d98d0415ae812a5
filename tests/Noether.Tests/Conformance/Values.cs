using Noether.Primitives;

namespace Noether.Tests.Conformance;

/// <summary>Every primitive: samples exist, every element type it takes gives the float64 value, and layouts do not matter.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class Values
{
    [Test]
    public void Every_primitive_supplies_samples() =>
        Assert.That(
            Cases.PrimitiveTypes.Where(t => !t.IsAssignableTo(typeof(ISampled)) || !Cases.SamplesOf(t).Any()).Select(t => t.Name),
            Is.Empty);

    [TestCaseSource(typeof(Cases), nameof(Cases.Samples))]
    public void Inferred_types_are_the_computed_ones(Sample sample)
    {
        foreach (var y in Tensor.ApplyMany(sample.Primitive, sample.Inputs))
        {
            y.Evaluate();
            Assert.That(y.View!.Shape, Is.EqualTo(y.Shape));
            Assert.That(y.View.Type, Is.EqualTo(y.DType));
        }
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void Strided_operands_give_the_same_values(Sample sample)
    {
        var expected = Tensor.ApplyMany(sample.Primitive, sample.Inputs);
        foreach (var spread in (Func<Tensor, Tensor>[])[Interleaved, Transposed])
        {
            var actual = Tensor.ApplyMany(sample.Primitive, Array.ConvertAll(sample.Inputs, x => spread(x)));
            for (var k = 0; k < actual.Length; k++)
                Assert.That(actual[k].ToArray<double>(), Is.EqualTo(expected[k].ToArray<double>()).Within(1e-12));
        }
    }

    [TestCaseSource(typeof(Cases), nameof(Cases.WithOperands))]
    public void Every_element_type_that_is_taken_gives_the_value(Sample sample)
    {
        var types = (DType[])[DType.Float32, DType.BFloat16, DType.Int32, DType.Int64, DType.Bool];
        using (Assert.EnterMultipleScope())
        {
            foreach (var type in types)
            {
                // Whole numbers are exact in every type, so the float64 result on the rounded inputs is the reference.
                var rounded = Array.ConvertAll(sample.Inputs, x => x.DType == DType.Float64 ? x.To(type).To(DType.Float64) : x);
                var typed = Array.ConvertAll(sample.Inputs, x => x.DType == DType.Float64 ? x.To(type) : x);
                Tensor[] actual;
                try
                {
                    actual = Tensor.ApplyMany(sample.Primitive, typed);
                }
                catch (DTypeException)
                {
                    continue; // says that it does not take the type
                }

                if (!type.IsFloating() && sample.Primitive is Cast or Constant) continue;
                var expected = Tensor.ApplyMany(sample.Primitive, rounded);
                for (var k = 0; k < actual.Length; k++)
                {
                    var reference = expected[k].ToArray<double>();
                    var scale = reference.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(1).Max();
                    var epsilon = type switch { DType.Float32 => 1e-5, DType.BFloat16 => 1.0 / 64, _ => 0 };
                    Assert.That(actual[k].ToArray<double>(), Is.EqualTo(reference).Within(epsilon * Math.Max(1, scale)), type.Name());
                }
            }
        }
    }

    // The elements at every second place of each axis.
    private static Tensor Interleaved(Tensor x)
    {
        if (x.Rank == 0) return Tensor.Stack(0, x, x).Evaluate().Narrow(0, 1, 1).Squeeze(0);
        var spread = Tensor.Apply(new Pad(Integers.Repeat(1, x.Rank), Integers.Repeat(1, x.Rank), Integers.Repeat(1, x.Rank)), x.DType == DType.Bool ? x.To(DType.Int32) : x);
        spread = spread.To(x.DType).Evaluate();
        return Tensor.Apply(new Slice(Integers.Repeat(1, x.Rank), Integers.Repeat(2, x.Rank), x.Shape), spread);
    }

    private static Tensor Transposed(Tensor x) => Dense(x.Transpose()).Transpose();

    // A copy in row-major order of the shape as it is now.
    private static Tensor Dense(Tensor x) => x.Rank == 0 ? x : Tensor.Stack(0, x, x).Evaluate().Narrow(0, 0, 1).Squeeze(0);
}
