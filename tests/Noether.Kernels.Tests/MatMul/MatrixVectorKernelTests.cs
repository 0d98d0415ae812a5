using System.Numerics;
using Noether.Kernels.MatMul;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Tests.MatMul;

/// <summary>Small integers: equal to the definition whatever the order of the sums.</summary>
[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class MatrixVectorKernelTests(string lane) : KernelFixture(lane)
{
    private bool IsSimulator => Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU;

    // In fours, and one by one; elements of a line side by side, and lines.
    [TestCase(5, 64, false)]
    [TestCase(37, 30, false)]
    [TestCase(37, 30, true)]
    [TestCase(1, 7, false)]
    [TestCase(3, 0, false)]
    public void A_matrix_times_vectors_equals_the_definition(int lines, int depth, bool areLinesSideBySide)
    {
        AssertEqual<float, OneSum<float>, SharedJoin>(1, lines, depth, 1, areLinesSideBySide);
        if (!IsSimulator) return;
        AssertEqual<double, FourSums<double>, SharedJoin>(1, lines, depth, 3, areLinesSideBySide);
        AssertEqual<float, EightSums<float>, SharedJoin>(1, lines, depth, 6, areLinesSideBySide);
    }

    [Test]
    public void Long_lines_are_added_up_in_parts([Values] bool areLinesSideBySide) =>
        AssertEqual<float, FourSums<float>, SharedJoin>(1, 2, 9001, 4, areLinesSideBySide, areCut: true);

    [Test]
    public void A_batch_has_vectors_for_each_matrix_or_for_all([Values] bool areShared) =>
        AssertEqual<float, FourSums<float>, SharedJoin>(3, 6, 12, 4, false, areShared: areShared);

    [Test]
    public void Results_of_a_vector_may_lie_behind_one_another() => AssertEqual<float, FourSums<float>, SharedJoin>(2, 5, 12, 3, true, areResultsByVector: true);

    // Shuffles are slow on the simulator, and absent on OpenCL's processors.
    [Test]
    public void Shuffles_join_the_sums_of_several_vectors()
    {
        if (!IsSimulator) Assert.Ignore("the simulator's shuffles stand for CUDA's");
        AssertEqual<float, EightSums<float>, ShuffleJoin>(1, 3, 40, 8, false);
    }

    private void AssertEqual<T, TSums, TJoin>(
        int batch, int lines, int depth, int vectors, bool areLinesSideBySide, bool areCut = false, bool areShared = false, bool areResultsByVector = false)
        where T : unmanaged, INumber<T>
        where TSums : unmanaged, IVectorSums<TSums, T>
        where TJoin : struct, IGroupJoin
    {
        var a = Enumerable.Range(0, batch * lines * depth).Select(i => T.CreateChecked(i % 19 - 9)).ToArray();
        var x = Enumerable.Range(0, (areShared ? 1 : batch) * vectors * depth).Select(i => T.CreateChecked(i % 7 - 3)).ToArray();
        var stored = areLinesSideBySide
            ? Enumerable.Range(0, a.Length).Select(i => a[i / (lines * depth) * lines * depth + i % lines * depth + i / lines % depth]).ToArray()
            : a;
        var places = new VectorPlaces
        {
            ResultStart = 4,
            VectorBatchStride = areShared ? 0 : vectors * depth,
            Depth = depth,
            LineStep = areResultsByVector ? 1 : vectors,
            VectorStep = areResultsByVector ? lines : 1,
            Lines = lines,
            Vectors = vectors,
        };
        var y = Allocate<T>(4 + batch * lines * vectors);
        var kernel = Kernels.Get(static accelerator => new MatrixVectorKernel<T, TSums, TJoin>(accelerator));
        var sizes = kernel.Sizes(places, batch, lines * depth, areLinesSideBySide ? 1 : depth, areLinesSideBySide ? lines : 1);
        Assert.That(sizes.Parts, areCut ? Is.GreaterThan(1) : Is.EqualTo(1));
        kernel.Launch(Stream, Upload(stored), Upload(x), y, places, sizes, Allocate<TSums>(sizes.Partials));

        var expected = new List<double>();
        for (var i = 0; i < batch * lines * vectors; i++)
        {
            var (matrix, rest) = (i / (lines * vectors), i % (lines * vectors));
            var (line, vector) = areResultsByVector ? (rest % lines, rest / lines) : (rest / vectors, rest % vectors);
            var row = a.AsSpan((matrix * lines + line) * depth, depth);
            expected.Add(MatMulReference.Of<T>(row, x.AsSpan(((areShared ? 0 : matrix) * vectors + vector) * depth, depth), 1, depth, 1)[0]);
        }

        Assert.That(Download(y).Skip(4).Select(double.CreateChecked), Is.EqualTo(expected));
    }
}
