using System.Reflection;
using Noether.Kernels.Attention;
using Noether.Kernels.Channels;
using Noether.Kernels.Convolutions;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.Factorisations;
using Noether.Kernels.Indexing;
using Noether.Kernels.Lanes;
using Noether.Kernels.MatMul;
using Noether.Kernels.Random;
using Noether.Kernels.Reductions;
using Noether.Kernels.Rows;
using Noether.Kernels.Scans;
using Noether.Kernels.Sorting;
using Noether.Kernels.Spectral;
using Noether.Kernels.Tests.Elementwise;
using Noether.Kernels.Windows;

namespace Noether.Kernels.Tests;

/// <summary>
/// Every kernel compiles to PTX that stays in registers, calls nothing and rounds correctly; where ptxas is at hand (<see cref="Ptxas.Path"/>)
/// it takes no more registers than its row of the table says, and neither stack nor spills.
/// </summary>
[Category("PTX")]
[Parallelizable(ParallelScope.All)]
public class PtxTests
{
    private static readonly Type[] Launchers =
    [
        typeof(PhiloxKernel),
        typeof(StridedCopyKernel<byte>), typeof(StridedCopyKernel<short>), typeof(StridedCopyKernel<int>), typeof(StridedCopyKernel<long>), typeof(StridedCopyKernel<Four<int>>),
        typeof(TransposeKernel<byte>), typeof(TransposeKernel<short>), typeof(TransposeKernel<int>), typeof(TransposeKernel<long>),
        typeof(TakeKernel<byte>), typeof(TakeKernel<short>), typeof(TakeKernel<int>), typeof(TakeKernel<long>), typeof(TakeKernel<Four<int>>),
        typeof(AtomicScatterKernel<AtomicAddFloat32, float>), typeof(AtomicScatterKernel<AtomicAddFloat64, double>),
        typeof(ScatterKernel<ScatterAdd<float>, float>), typeof(ScatterKernel<ScatterSet<long>, long>), typeof(ScatterKernel<ScatterMaximum<double>, double>),
        typeof(ScatterKernel<ScatterMinimum<int>, int>), typeof(ScatterKernel<ScatterMultiply<float>, float>),
        typeof(ReduceKernel<Sum<float>, float, float, float, ShuffleJoin>), typeof(ReduceKernel<Sum<double>, double, double, double, ShuffleJoin>),
        typeof(ReduceKernel<Sum<float>, float, float, float, SharedJoin>), typeof(ReduceKernel<SumOfSquares<float>, float, float, float, ShuffleJoin>),
        typeof(ReduceKernel<Product<int>, int, int, int, ShuffleJoin>), typeof(ReduceKernel<Minimum<long>, long, long, long, ShuffleJoin>),
        typeof(ReduceKernel<Maximum<float>, float, float, float, ShuffleJoin>), typeof(ReduceKernel<Any, byte, byte, byte, SharedJoin>),
        typeof(ReduceKernel<All, byte, byte, byte, SharedJoin>), typeof(ReduceKernel<ArgMinimum<double>, double, Candidate<double>, long, ShuffleJoin>),
        typeof(ReduceKernel<ArgMaximum<float>, float, Candidate<float>, long, ShuffleJoin>),
        typeof(ScanKernel<Sum<float>, float>), typeof(ScanKernel<Product<long>, long>), typeof(ScanKernel<Maximum<double>, double>),
        typeof(ArgSortKernel<float, Float32SortKey>),
        typeof(BitonicSortKernel<float, Float32SortKey>), typeof(BitonicSortKernel<double, Float64SortKey>), typeof(BitonicSortKernel<int, Int32SortKey>),
        typeof(BitonicSortKernel<long, Int64SortKey>), typeof(BitonicSortKernel<byte, ByteSortKey>),
        typeof(RadixSortKernel<float, Float32SortKey>), typeof(RadixSortKernel<double, Float64SortKey>), typeof(RadixSortKernel<int, Int32SortKey>),
        typeof(RadixSortKernel<long, Int64SortKey>), typeof(RadixSortKernel<byte, ByteSortKey>),
        typeof(AttentionForwardKernel<float, float, AttentionNumber32, NarrowPanel>), typeof(AttentionForwardKernel<float, float, AttentionNumber32, WidePanel>),
        typeof(AttentionForwardKernel<double, double, AttentionNumber64, NarrowPanel>),
        typeof(AttentionTangentKernel<float, float, AttentionNumber32, NarrowPanel>), typeof(AttentionTangentKernel<float, float, AttentionNumber32, WidePanel>),
        typeof(AttentionTangentKernel<double, double, AttentionNumber64, NarrowPanel>),
        typeof(AttentionRowsKernel<float, float, AttentionNumber32>), typeof(AttentionRowsKernel<double, double, AttentionNumber64>), typeof(AttentionRowsKernel<ushort, float, AttentionNumber16>),
        typeof(AttentionBackwardKernel<float, float, AttentionNumber32, NarrowPanel, QueryGradient>), typeof(AttentionBackwardKernel<float, float, AttentionNumber32, WidePanel, QueryGradient>),
        typeof(AttentionBackwardKernel<double, double, AttentionNumber64, NarrowPanel, QueryGradient>),
        typeof(AttentionBackwardKernel<float, float, AttentionNumber32, NarrowPanel, KeyGradient>), typeof(AttentionBackwardKernel<float, float, AttentionNumber32, WidePanel, KeyGradient>),
        typeof(AttentionBackwardKernel<double, double, AttentionNumber64, NarrowPanel, KeyGradient>),
        typeof(AttentionBackwardKernel<float, float, AttentionNumber32, NarrowPanel, ValueGradient>), typeof(AttentionBackwardKernel<float, float, AttentionNumber32, WidePanel, ValueGradient>),
        typeof(AttentionBackwardKernel<double, double, AttentionNumber64, NarrowPanel, ValueGradient>),
        typeof(AttentionForwardKernel<ushort, float, AttentionNumber16, NarrowPanel>), typeof(AttentionForwardKernel<ushort, float, AttentionNumber16, WidePanel>),
        typeof(AttentionTangentKernel<ushort, float, AttentionNumber16, NarrowPanel>), typeof(AttentionTangentKernel<ushort, float, AttentionNumber16, WidePanel>),
        typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, NarrowPanel, QueryGradient>), typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, WidePanel, QueryGradient>),
        typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, NarrowPanel, KeyGradient>), typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, WidePanel, KeyGradient>),
        typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, NarrowPanel, ValueGradient>), typeof(AttentionBackwardKernel<ushort, float, AttentionNumber16, WidePanel, ValueGradient>),
        typeof(NeuronAttentionKernel<float, AttentionNumber32>), typeof(NeuronAttentionKernel<double, AttentionNumber64>),
        typeof(CholeskyKernel<Float32Lane, Rows32>), typeof(CholeskyKernel<Float32Lane, Rows64>), typeof(CholeskyKernel<Float64Lane, Rows64>),
        typeof(TriangularSolveKernel<Float32Lane, Rows32>), typeof(TriangularSolveKernel<Float32Lane, Rows64>), typeof(TriangularSolveKernel<Float64Lane, Rows64>),
        typeof(FourierRegisterKernel<float, FourierNumber32>), typeof(FourierRegisterKernel<double, FourierNumber64>),
        typeof(FourierSharedKernel<float, FourierNumber32>), typeof(FourierSharedKernel<double, FourierNumber64>),
        typeof(FourierChirpKernel<float, FourierNumber32>), typeof(FourierChirpKernel<double, FourierNumber64>),
        typeof(FourierPrimeKernel<float, FourierNumber32>), typeof(FourierPrimeKernel<double, FourierNumber64>),
        typeof(FourierScratchKernel<float>), typeof(FourierScratchKernel<double>),
        typeof(MatMulKernel<float, LargeTile, AlongDepth, AcrossLines, WholeTiles>), typeof(MatMulKernel<float, LargeTile, AlongDepth, AlongDepth, WholeTiles>),
        typeof(MatMulKernel<float, LargeTile, AcrossLines, AcrossLines, WholeTiles>), typeof(MatMulKernel<float, LargeTile, AcrossLines, AlongDepth, AnyTiles>),
        typeof(MatMulKernel<float, MediumTile, AlongDepth, AcrossLines, WholeTiles>), typeof(MatMulKernel<float, SmallTile, AlongDepth, AcrossLines, WholeTiles>),
        typeof(MatMulKernel<float, SmallTile, AcrossLines, AlongDepth, AnyTiles>),
        typeof(MatMulKernel<double, ThinTile, AlongDepth, AcrossLines, WholeTiles>), typeof(MatMulKernel<double, SmallTile, AcrossLines, AlongDepth, AnyTiles>),
        typeof(MatMulKernel<int, ThinTile, AlongDepth, AcrossLines, AnyTiles>), typeof(MatMulKernel<long, SmallTile, AlongDepth, AlongDepth, AnyTiles>),
        typeof(DualMatMulKernel<float, MediumTile, AlongDepth, AcrossLines, WholeTiles>), typeof(DualMatMulKernel<float, MediumTile, AcrossLines, AlongDepth, AnyTiles>),
        typeof(DualMatMulKernel<double, SmallTile, AlongDepth, AcrossLines, WholeTiles>),
        typeof(TensorCoreKernel<Tf32Number, AlongDepth, AlongDepth, WholeTiles>), typeof(TensorCoreKernel<Tf32Number, AlongDepth, AlongDepth, AnyTiles>),
        typeof(TensorCoreKernel<Tf32Number, AlongDepth, AcrossLines, WholeTiles>), typeof(TensorCoreKernel<Tf32Number, AlongDepth, AcrossLines, AnyTiles>),
        typeof(TensorCoreKernel<Tf32Number, AcrossLines, AlongDepth, WholeTiles>), typeof(TensorCoreKernel<Tf32Number, AcrossLines, AlongDepth, AnyTiles>),
        typeof(TensorCoreKernel<Tf32Number, AcrossLines, AcrossLines, WholeTiles>), typeof(TensorCoreKernel<Tf32Number, AcrossLines, AcrossLines, AnyTiles>),
        typeof(TensorCoreKernel<BFloat16Number, AlongDepth, AlongDepth, WholeTiles>), typeof(TensorCoreKernel<BFloat16Number, AlongDepth, AlongDepth, AnyTiles>),
        typeof(TensorCoreKernel<BFloat16Number, AlongDepth, AcrossLines, WholeTiles>), typeof(TensorCoreKernel<BFloat16Number, AlongDepth, AcrossLines, AnyTiles>),
        typeof(TensorCoreKernel<BFloat16Number, AcrossLines, AlongDepth, WholeTiles>), typeof(TensorCoreKernel<BFloat16Number, AcrossLines, AlongDepth, AnyTiles>),
        typeof(TensorCoreKernel<BFloat16Number, AcrossLines, AcrossLines, WholeTiles>), typeof(TensorCoreKernel<BFloat16Number, AcrossLines, AcrossLines, AnyTiles>),
        typeof(SmallProductKernel<float>), typeof(SmallProductKernel<double>), typeof(SmallProductKernel<int>), typeof(SmallProductKernel<long>),
        typeof(MatrixVectorKernel<float, OneSum<float>, ShuffleJoin>), typeof(MatrixVectorKernel<float, EightSums<float>, ShuffleJoin>),
        typeof(MatrixVectorKernel<double, FourSums<double>, ShuffleJoin>),
        typeof(ConvolutionKernel<float, LargeTile>), typeof(ConvolutionKernel<float, SmallTile>), typeof(ConvolutionKernel<double, ThinTile>),
        typeof(DirectConvolutionKernel<float>), typeof(DirectConvolutionKernel<double>),
        typeof(AxisSumsKernel<float>), typeof(AxisSumsKernel<double>),
        typeof(ChannelMixKernel<float, LargeTile, WholeTiles>), typeof(ChannelMixKernel<float, MediumTile, WholeTiles>),
        typeof(ChannelMixKernel<float, SmallTile, WholeTiles>), typeof(ChannelMixKernel<float, SmallTile, AnyTiles>), typeof(ChannelMixKernel<double, ThinTile, AnyTiles>),
        typeof(ModeProductKernel<float>), typeof(ModeProductKernel<double>),
        typeof(RowKernel<Float32Lane, ShuffleJoin>), typeof(RowKernel<Float64Lane, ShuffleJoin>), typeof(RowKernel<Float32Lane, SharedJoin>),
        typeof(LongRowKernel<Float32Lane, ShuffleJoin>), typeof(LongRowKernel<Float64Lane, ShuffleJoin>),
        typeof(LongRowNormKernel<Float32Lane, ShuffleJoin>), typeof(LongRowNormKernel<Float64Lane, ShuffleJoin>),
        typeof(LongCrossEntropyKernel<Float32Lane, ShuffleJoin>), typeof(LongCrossEntropyKernel<Float64Lane, ShuffleJoin>),
        typeof(CrossEntropyKernel<Float32Lane, ShuffleJoin>), typeof(CrossEntropyKernel<Float64Lane, ShuffleJoin>),
        typeof(RowNormKernel<Float32Lane, ShuffleJoin>), typeof(RowNormKernel<Float64Lane, ShuffleJoin>),
        typeof(GradientSumsKernel<Float32Lane, ShuffleJoin>), typeof(GradientSumsKernel<Float64Lane, ShuffleJoin>),
        typeof(MomentsKernel<Float32Lane, ShuffleJoin>), typeof(MomentsKernel<Float64Lane, ShuffleJoin>),
        typeof(ChannelNormKernel<Float32Lane>), typeof(ChannelNormKernel<Float64Lane>),
        typeof(WindowGradientKernel<float>), typeof(WindowGradientKernel<double>),
        typeof(WindowMaximumKernel<float>), typeof(WindowMaximumKernel<double>), typeof(WindowMaximumKernel<int>), typeof(WindowMaximumKernel<long>),
    ];

    private const int Threads = 256;

    private static readonly string[] Architectures = ["sm_80", "sm_90"];

    private static IEnumerable<TestCaseData> Kernels =>
        from launcher in Launchers
        from method in KernelsOf(launcher)
        let name = Name(launcher, method)
        select new TestCaseData(method, name).SetName(name);

    private static IEnumerable<TestCaseData> Programs =>
        from program in PtxPrograms.All
        select new TestCaseData(program.Program, program.Name).SetName(program.Name);

    private static IEnumerable<TestCaseData> Epilogues =>
        from epilogue in PtxEpilogues.All
        from method in KernelsOf(epilogue.Launcher)
        select new TestCaseData(method, epilogue.Name).SetName(epilogue.Name);

    [TestCaseSource(nameof(Epilogues))]
    public void A_product_compiles_clean_with_its_epilogue(MethodInfo kernel, string name) => Check(Ptx.Of(kernel, ThreadsOf(kernel.DeclaringType!)), name);

    [TestCaseSource(nameof(Kernels))]
    public void Compiles_clean(MethodInfo kernel, string name) => Check(Ptx.Of(kernel, ThreadsOf(kernel.DeclaringType!)), name);

    [TestCaseSource(nameof(Programs))]
    public void An_emitted_program_compiles_clean(LaneProgram program, string name) => Check(Ptx.Of(ElementwiseEmitter.Emit(program).Kernel), name);

    [Test]
    public void A_program_of_many_runs_compiles_clean() =>
        Check(Ptx.Of(ElementwiseEmitter.Emit(PtxPrograms.All.Single(program => program.Name == "Program[Optimiser]").Program, isMany: true).Kernel), "Program[Optimisers]");

    [Test]
    public void A_square_root_is_rounded_correctly() =>
        Assert.That(Ptx.Of(ElementwiseEmitter.Emit(PtxPrograms.SeveralOutputs()).Kernel), Does.Contain("sqrt.rn.f32"));

    [Test]
    public void An_elementary_function_compiles_clean(
        [ValueSource(typeof(ElementaryKernelTests), nameof(ElementaryKernelTests.Functions))] MethodInfo function,
        [Values(ElementType.Float32, ElementType.Float64)] ElementType type) =>
        Check(Ptx.Of(ElementwiseEmitter.Emit(ElementaryPrograms.Of(function, type)).Kernel), $"Elementary[{type}]");

    [Test]
    public void Every_launcher_is_listed_here()
    {
        var listed = Launchers.Concat(PtxEpilogues.All.Select(epilogue => epilogue.Launcher)).Select(Definition).ToHashSet();
        var absent = from type in typeof(AcceleratorCatalogue).Assembly.GetTypes()
                     where KernelsOf(type).Any() && !listed.Contains(type)
                     select type.Name;
        Assert.That(absent, Is.Empty);
    }

    [Test]
    public void Every_row_of_the_table_has_its_kernel()
    {
        var names = Kernels.Concat(Programs).Concat(Epilogues).Select(test => test.TestName!).Append("Program[Optimisers]").Append("Elementary[Float32]").Append("Elementary[Float64]");
        Assert.That(PtxTable.Names.Except(names), Is.Empty);
    }

    private static void Check(string ptx, string name)
    {
        Ptx.Keep(ptx, TestContext.CurrentContext.Test.Name);
        Assert.That(ptx, Does.Contain(".entry"));
        Assert.That(Ptx.Offences(ptx), Is.Empty);
        var row = PtxTable.Of(name);
        if (Ptxas.Path is null)
        {
            Assert.That(row, Is.Not.Null, $"{name} has no row in Registers.md");
            return;
        }

        var counts = row?.Counts ?? [];
        var assemblies = Architectures.Select(architecture => Ptxas.Assemble(ptx, architecture, architecture == "sm_90" && counts.Length > 0)).ToArray();
        var registers = assemblies.Max(assembly => assembly.Registers);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(row, Is.Not.Null, $"Registers.md needs the row: | {name} | {registers} | |");
            Assert.That(registers, Is.LessThanOrEqualTo(row?.Registers ?? int.MaxValue), $"{name}: registers");
            Assert.That(assemblies.Max(assembly => assembly.Stack), Is.Zero, $"{name}: bytes of stack");
            Assert.That(assemblies.Max(assembly => assembly.Spills), Is.Zero, $"{name}: bytes spilled");
            if (assemblies[^1].Instructions is null) return; // nothing to count, or no disassembler
            foreach (var (instruction, atLeast) in counts)
                Assert.That(assemblies[^1].Count(instruction), Is.GreaterThanOrEqualTo(atLeast), $"{name}: {instruction}");
        }
    }

    // Kernels of tiles fix the size of their groups.
    private static int ThreadsOf(Type launcher)
    {
        if (Definition(launcher) == typeof(TensorCoreKernel<,,,>) || Definition(launcher) == typeof(TensorCoreEpilogueKernel<,,,,>)) return TensorCoreTile.Threads;
        var tile = launcher.GetGenericArguments().FirstOrDefault(type => type.IsAssignableTo(typeof(IProductTile)));
        var side = (int?)tile?.GetProperty(nameof(IProductTile.Side))!.GetValue(null);
        return side * side ?? Threads;
    }

    // Kernels are recognised by their names: a launcher calls them Kernel, or ends their names in it.
    private static IEnumerable<MethodInfo> KernelsOf(Type launcher) =>
        from method in launcher.GetMethods(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where method.Name.Contains("Kernel", StringComparison.Ordinal) && method.ReturnType == typeof(void) && !method.Name.Contains('<')
        select method;

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static string Name(Type launcher, MethodInfo method) => $"{Name(launcher)}.{method.Name}";

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name.Split('`')[0]}[{string.Join(", ", type.GetGenericArguments().Select(Name))}]"
        : type.Name;
}
