using System.Reflection;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.Indexing;
using Noether.Kernels.Lanes;
using Noether.Kernels.MatMul;
using Noether.Kernels.Random;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using Noether.Kernels.Scans;
using Noether.Kernels.Sorting;
using Noether.Kernels.Tests.Elementwise;

namespace Noether.Kernels.Tests;

/// <summary>Every kernel compiles to PTX that stays in registers, calls nothing and rounds correctly.</summary>
[Category("PTX")]
public class PtxTests
{
    private static readonly Type[] Launchers =
    [
        typeof(PhiloxKernel),
        typeof(StridedCopyKernel<byte>), typeof(StridedCopyKernel<short>), typeof(StridedCopyKernel<int>), typeof(StridedCopyKernel<long>),
        typeof(TakeKernel<byte>), typeof(TakeKernel<short>), typeof(TakeKernel<int>), typeof(TakeKernel<long>),
        typeof(ScatterKernel<ScatterAdd<float>, float>), typeof(ScatterKernel<ScatterSet<long>, long>), typeof(ScatterKernel<ScatterMaximum<double>, double>),
        typeof(ScatterKernel<ScatterMinimum<int>, int>), typeof(ScatterKernel<ScatterMultiply<float>, float>),
        typeof(ReduceKernel<Sum<float>, float, float, float>), typeof(ReduceKernel<Sum<double>, double, double, double>), typeof(ReduceKernel<SumOfSquares<float>, float, float, float>),
        typeof(ReduceKernel<Product<int>, int, int, int>), typeof(ReduceKernel<Minimum<long>, long, long, long>),
        typeof(ReduceKernel<Maximum<float>, float, float, float>), typeof(ReduceKernel<Any, byte, byte, byte>), typeof(ReduceKernel<All, byte, byte, byte>),
        typeof(ReduceKernel<ArgMinimum<double>, double, Candidate<double>, long>), typeof(ReduceKernel<ArgMaximum<float>, float, Candidate<float>, long>),
        typeof(ScanKernel<Sum<float>, float>), typeof(ScanKernel<Product<long>, long>), typeof(ScanKernel<Maximum<double>, double>),
        typeof(ArgSortKernel<float>), typeof(ArgSortKernel<double>), typeof(ArgSortKernel<int>), typeof(ArgSortKernel<long>), typeof(ArgSortKernel<byte>),
        typeof(MatMulKernel<float>), typeof(MatMulKernel<double>), typeof(MatMulKernel<int>), typeof(MatMulKernel<long>),
        typeof(RowKernel<Float32Lane, ShuffleJoin>), typeof(RowKernel<Float64Lane, ShuffleJoin>), typeof(RowKernel<Float32Lane, SharedJoin>),
    ];

    private static IEnumerable<TestCaseData> Kernels =>
        from launcher in Launchers
        from method in launcher.GetMethods(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.Name.Contains("Kernel", StringComparison.Ordinal) && method.ReturnType == typeof(void) && !method.Name.Contains('<')
        select new TestCaseData(method).SetName($"{launcher.Name.Split('`')[0]}[{string.Join(", ", launcher.GetGenericArguments().Select(t => t.Name))}].{method.Name}");

    [TestCaseSource(nameof(Kernels))]
    public void Compiles_clean(MethodInfo kernel)
    {
        var ptx = Ptx.Of(kernel);
        Assert.That(ptx, Does.Contain(".entry"));
        Assert.That(Ptx.Offences(ptx), Is.Empty);
    }

    [Test]
    public void An_emitted_program_compiles_clean()
    {
        var program = new LaneProgram();
        var x = program.Input(ElementType.Float32, InputAccess.Contiguous);
        var y = program.Input(ElementType.BFloat16, InputAccess.Strided);
        var less = program.Ask(Forms.Of<Forms.Less>(), x, program.Cast(y, ElementType.Float32));
        var sum = program.Call(Forms.Of<Forms.Add>(), x, program.Cast(y, ElementType.Float32));
        program.Output(program.Select(less, program.Call(Forms.Of<Forms.SquareRoot>(), sum), program.Constant(ElementType.Float32, 0.5)));
        program.Output(less);
        program.Output(program.Cast(sum, ElementType.Int64));
        var ptx = Ptx.Of(ElementwiseEmitter.Emit(program).Kernel);
        Assert.That(Ptx.Offences(ptx), Is.Empty);
        Assert.That(ptx, Does.Contain("sqrt.rn.f32"));
    }

    [Test]
    public void An_elementary_function_compiles_clean(
        [ValueSource(typeof(ElementaryKernelTests), nameof(ElementaryKernelTests.Functions))] MethodInfo function,
        [Values(ElementType.Float32, ElementType.Float64)] ElementType type) =>
        Assert.That(Ptx.Offences(Ptx.Of(ElementwiseEmitter.Emit(ElementaryPrograms.Of(function, type)).Kernel)), Is.Empty);
}
