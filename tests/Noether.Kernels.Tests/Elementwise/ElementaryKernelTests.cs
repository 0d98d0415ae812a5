using System.Reflection;
using ILGPU;
using Noether.Kernels.Elementwise;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Elementwise;

/// <summary>The elementary functions inside emitted kernels: the same numbers as on the host, on every lane, and clean PTX.</summary>
[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ElementaryKernelTests(string lane) : KernelFixture(lane)
{
    private static readonly double[] Points =
        [0, -0.0, 1e-30, -1e-5, 0.1, 0.5, -0.75, 0.999, 1, -1, 1.5, 2, -3, 10, -20, 80, 1e4, -1e6, double.PositiveInfinity, double.NegativeInfinity, double.NaN];

    public static IEnumerable<MethodInfo> Functions =>
        typeof(Elementary).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.IsGenericMethodDefinition);

    // Each function is within 2 ulp of the truth, wherever it runs and whichever products the device fuses; so two devices differ by 4 at most.
    [TestCaseSource(nameof(Functions))]
    public void Float32_agrees_with_the_host(MethodInfo function)
    {
        var (x, y) = Pairs(function);
        var result = Run(function, ElementType.Float32, x.Select(v => (float)v).ToArray(), y.Select(v => (float)v).ToArray());
        for (var i = 0; i < x.Length; i++)
        {
            object[] lanes = [new Float32Lane { Value = (float)x[i] }, new Float32Lane { Value = (float)y[i] }];
            var expected = (Float32Lane)function.MakeGenericMethod(typeof(Float32Lane)).Invoke(null, lanes[..function.GetParameters().Length])!;
            Assert.That(result[i], Is.EqualTo(expected.Value).Within(4).Ulps, $"{function.Name} at {x[i]}, {y[i]}");
        }
    }

    [TestCaseSource(nameof(Functions))]
    public void Float64_agrees_with_the_host(MethodInfo function)
    {
        var (x, y) = Pairs(function);
        var result = Run(function, ElementType.Float64, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            object[] lanes = [new Float64Lane { Value = x[i] }, new Float64Lane { Value = y[i] }];
            var expected = (Float64Lane)function.MakeGenericMethod(typeof(Float64Lane)).Invoke(null, lanes[..function.GetParameters().Length])!;
            Assert.That(result[i], Is.EqualTo(expected.Value).Within(4).Ulps, $"{function.Name} at {x[i]}, {y[i]}");
        }
    }

    private static (double[] X, double[] Y) Pairs(MethodInfo function) => function.GetParameters().Length == 1
        ? (Points, Points)
        : ([.. Points.SelectMany(_ => Points)], [.. Points.SelectMany(v => Points.Select(_ => v))]);

    private T[] Run<T>(MethodInfo function, ElementType type, T[] x, T[] y)
        where T : unmanaged
    {
        var program = ElementaryPrograms.Of(function, type);
        var result = Allocate<T>(x.Length);
        ArrayView<byte>[] inputs = [Upload(x).Cast<byte>(), Upload(y).Cast<byte>()];
        new ElementwiseKernel(Accelerator, program).Launch(Stream, x.Length, inputs.AsSpan(0, program.Inputs.Count), [], [result.Cast<byte>()]);
        return Download(result);
    }
}
