using Noether.Nn;

namespace Noether.Models.Tests.Fixtures;

/// <summary>Our modules against numbers from the authors' code: outputs, gradients, outputs for permuted networks, training.</summary>
/// <remarks>Files are those beside the tests and those in <c>nfn</c> of the folder that <c>NOETHER_FIXTURES</c> names.</remarks>
[TestFixture]
[Category("Fixtures")]
[Parallelizable(ParallelScope.Children)]
public sealed class WeightSpaceFixtureTests
{
    private static IEnumerable<TestCaseData> Files => FixtureFiles.Cases("nfn");

    [TestCaseSource(nameof(Files))]
    public void Equals_the_reference(string path, string device)
    {
        var file = new FixtureFile(path, FixtureFiles.Open(device));
        using (Assert.EnterMultipleScope())
        {
            if (FixtureModules.Of(file) is not { } module) return;
            if (module.Loss is null) CheckLayer(file, module);
            else CheckModel(file, module);
        }
    }

    private static void CheckLayer(FixtureFile file, FixtureModule module)
    {
        var (parameters, input, cotangents) = (ReferenceParameters.Load(module.Like, file.Under("param")), file.Under("in"), file.Under("cot"));
        Check(file, module, "out", module.Apply(parameters, input));

        // loss = Σ output · cotangent
        Tensor Loss(Parameters p, Parameters x)
        {
            var y = module.Apply(p, x);
            return cotangents.Select(cot => (y[cot.Key] * cot.Value).Sum()).Aggregate(static (a, b) => a + b);
        }

        Check(file, module, "loss", Parameters.Of(("value", Loss(parameters, input))));
        if (input.Count > 0) Check(file, module, "gradin", Transform.Grad<Parameters>(x => Loss(parameters, x))(input));
        if (parameters.Count > 0) Check(file, module, "gradparam", Transform.Grad<Parameters>(p => Loss(p, input))(parameters));
        var permuted = file.Under("permin");
        if (permuted.Count > 0) Check(file, module, "permout", module.Apply(parameters, permuted));
    }

    private static void CheckModel(FixtureFile file, FixtureModule module)
    {
        var (parameters, input, target) = (ReferenceParameters.Load(module.Like, file.Under("param")), file.Under("in"), file["target"]);
        var outputs = file.Under("out");
        var y = module.Apply(parameters, input);
        Check(file, module, "out", new(outputs.Names.Select(name => KeyValuePair.Create(name, y[name]))));
        if (file.Under("mid").Count > 0) Check(file, module, "mid", new(file.Under("mid").Names.Select(name => KeyValuePair.Create(name, y[name]))));

        var step = Transform.ValueAndGrad<Parameters>(p => module.Loss!(module.Apply(p, input)["y"], target));
        var memory = module.Optimizer!.Init(parameters);
        var steps = file.Integer("steps");
        var losses = new Tensor[steps + 1];
        for (var i = 0; i <= steps; i++)
        {
            (losses[i], var gradient) = step(parameters);
            if (i == 0) Check(file, module, "gradparam", gradient);
            if (i < steps) (parameters, memory) = module.Optimizer.Step(parameters, gradient, memory);
            Tensor.Evaluate([losses[i], .. parameters.Leaves, .. memory.Leaves]);
        }

        Check(file, module, "losses", Parameters.Of(("value", Tensor.Stack(0, losses))));
        Check(file, module, "final", parameters);
    }

    private static void Check(FixtureFile file, FixtureModule module, string what, Parameters actual)
    {
        Tensor.Evaluate(actual); // at once: read one by one each would have a plan of its own
        foreach (var (name, tensor) in actual)
        {
            var full = file.Has(what) ? what : $"{what}.{name}";
            var expected = file[full];
            var shape = expected.Shape;
            while (shape.Rank > tensor.Rank && shape[^1] == 1) shape = shape[..^1];
            Assert.That(tensor.Shape, Is.EqualTo(shape), full);
            var values = expected.ToArray<double>();
            var scale = values.Select(Math.Abs).DefaultIfEmpty(0).Max();
            var tolerance = file.Type == DType.Float64 ? module.Tolerance : module.SingleTolerance;
            var worst = tensor.ToArray<double>().Zip(values, static (a, b) => a.Equals(b) ? 0 : Math.Abs(a - b)).DefaultIfEmpty(0).Max();
            Assert.That(worst, Is.LessThanOrEqualTo(tolerance * scale), $"{full} {shape}: the largest difference, where the largest magnitude is {scale:g3}");
        }
    }
}
