using System.Numerics;
using Noether.Kernels.Channels;
using Noether.Kernels.Copies;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;
using Noether.Kernels.Tests.MatMul;

namespace Noether.Kernels.Tests.Channels;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class ChannelMixKernelTests(string lane) : KernelFixture(lane)
{
    private bool IsSimulator => Accelerator.AcceleratorType == ILGPU.Runtime.AcceleratorType.CPU;

    private static IEnumerable<TestCaseData> Cases
    {
        get
        {
            yield return Case("one of each", new() { Batch = 1, Inputs = 1, Outputs = 1, Rows = 1, Columns = 1 });
            yield return Case("rows of one column", new() { Batch = 2, Inputs = 3, Outputs = 2, Rows = 9, Columns = 1 });
            yield return Case("odd rows", new() { Batch = 2, Inputs = 5, Outputs = 6, Rows = 5, Columns = 7 });
            yield return Case("quads", new() { Batch = 2, Inputs = 17, Outputs = 33, Rows = 3, Columns = 12 });
            yield return Case("whole tiles", new() { Batch = 2, Inputs = 32, Outputs = 32, Rows = 4, Columns = 16 });
            yield return Case("no inputs", new() { Batch = 1, Inputs = 0, Outputs = 3, Rows = 2, Columns = 3 });
            yield return Case("operands that begin elsewhere", new() { Batch = 1, Inputs = 2, Outputs = 3, Rows = 2, Columns = 4, WeightStart = 1, InputStart = 2, RowStart = 3, ColumnStart = 4, OutputStart = 5 });
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_mixing_equals_its_definition(ChannelMixSizes sizes)
    {
        AssertEqual<float>(ProductTileKind.Small, sizes);
        AssertEqual<double>(ProductTileKind.Small, sizes);
    }

    [TestCase(ProductTileKind.Large)]
    [TestCase(ProductTileKind.Medium)]
    [TestCase(ProductTileKind.Thin)]
    public void Larger_tiles_equal_the_definition(ProductTileKind tile)
    {
        AssertEqual<float>(tile, new() { Batch = 1, Inputs = 9, Outputs = 70, Rows = 3, Columns = 6 });
        if (!IsSimulator) AssertEqual<float>(tile, new() { Batch = 3, Inputs = 32, Outputs = 128, Rows = 16, Columns = 16 });
    }

    // Rows of no fours, within a row and beyond it; fours; and whole tiles.
    [TestCase(2, 5, 6, 5, 7, 1)]
    [TestCase(2, 17, 33, 3, 12, 0)]
    [TestCase(1, 32, 32, 4, 16, 0)]
    public void A_mixing_ends_with_a_program(int batch, int inputs, int outputs, int rows, int columns, int start)
    {
        if (!IsSimulator && inputs == 32) Assert.Ignore("one kernel less to compile: whole tiles differ in the factors' loads alone");
        ChannelMixSizes sizes = new() { Batch = batch, Inputs = inputs, Outputs = outputs, Rows = rows, Columns = columns };
        (sizes.WeightStart, sizes.InputStart, sizes.RowStart, sizes.ColumnStart) = (start, 2 * start, 3 * start, 4 * start);
        AssertLayer(ProductTileKind.Small, sizes);
    }

    [Test]
    public void A_larger_tile_ends_with_a_program() =>
        AssertLayer(ProductTileKind.Medium, new() { Batch = 2, Inputs = 9, Outputs = 70, Rows = 3, Columns = 8 });

    // A bias for each channel, and what is negative cut off.
    private void AssertLayer(ProductTileKind tile, ChannelMixSizes sizes)
    {
        var (w, x, rows, columns) = Operands<float>(sizes);
        var points = sizes.Rows * sizes.Columns;
        var bias = Values<float>(sizes.Outputs, 43);
        var map = IndexMap.Create([sizes.Batch, sizes.Outputs, points], [0, 1, 0]);
        var access = points % 4 == 0 ? ElementwiseKernel.AccessOf(map) : InputAccess.Strided;
        var y = Allocate<float>(sizes.Batch * sizes.Outputs * points);
        Kernels.GetEpilogue<float>(EpiloguePrograms.Layer(InputAccess.Product, access)).MixChannels(
            Kernels, tile, Stream,
            Behind(sizes.WeightStart, w), Behind(sizes.InputStart, x), Behind(sizes.RowStart, rows), Behind(sizes.ColumnStart, columns), sizes,
            new() { Inputs = [default, Upload(bias).Cast<byte>()], Maps = [map], Outputs = [y.Cast<byte>()] });
        Assert.That(
            Download(y).Select(value => (double)value),
            Is.EqualTo(ChannelMixReference.Of<float>(w, x, rows, columns, sizes).Select((value, i) => Math.Max(0, value + bias[i / points % sizes.Outputs]))));
    }

    private static TestCaseData Case(string name, ChannelMixSizes sizes) => new TestCaseData(sizes).SetArgDisplayNames(name);

    // Integers: equal whatever the order of the sums.
    private void AssertEqual<T>(ProductTileKind tile, ChannelMixSizes sizes)
        where T : unmanaged, INumber<T>
    {
        var (w, x, rows, columns) = Operands<T>(sizes);
        var expected = ChannelMixReference.Of<T>(w, x, rows, columns, sizes);
        var y = Allocate<T>(sizes.OutputStart + expected.Length);
        ChannelMixKernels.Launch(
            Kernels, tile, Stream,
            Behind(sizes.WeightStart, w), Behind(sizes.InputStart, x), Behind(sizes.RowStart, rows), Behind(sizes.ColumnStart, columns), y, sizes);
        Assert.That(Download(y).Skip((int)sizes.OutputStart).Select(double.CreateChecked), Is.EqualTo(expected));
    }

    private static (T[] W, T[] X, T[] Rows, T[] Columns) Operands<T>(ChannelMixSizes sizes)
        where T : unmanaged, INumber<T>
    {
        var lines = sizes.Batch * sizes.Outputs;
        return (
            Values<T>(sizes.Outputs * sizes.Inputs, 19), Values<T>(sizes.Batch * sizes.Inputs * sizes.Rows * sizes.Columns, 17),
            Values<T>(lines * sizes.Rows, 101), Values<T>(lines * sizes.Columns, 103));
    }

    private static T[] Values<T>(int count, int period)
        where T : unmanaged, INumber<T> => [.. Enumerable.Range(0, count).Select(i => T.CreateChecked(i * 7 % period - period / 2))];

    private ILGPU.ArrayView<T> Behind<T>(long start, T[] values)
        where T : unmanaged, INumber<T> => Upload<T>([.. Enumerable.Repeat(T.One, (int)start), .. values]);
}
