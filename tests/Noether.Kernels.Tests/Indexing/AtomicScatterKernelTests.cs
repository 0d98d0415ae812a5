using System.Numerics;
using ILGPU.Runtime;
using Noether.Kernels.Indexing;

namespace Noether.Kernels.Tests.Indexing;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class AtomicScatterKernelTests(string lane) : KernelFixture(lane)
{
    // Small whole numbers: equal whatever the order of the sums. Some thousand adders of five places meet for certain.
    [Test]
    public void Sums_are_those_of_the_plain_loop()
    {
        if (Accelerator.AcceleratorType == AcceleratorType.OpenCL) Assert.Ignore("ILGPU's atomics want generic pointers");
        AssertEqual<AtomicAddFloat32, float>(IsInterpreted ? 60 : 4000, 5, 2, 3, isWide: false);
        AssertEqual<AtomicAddFloat64, double>(IsInterpreted ? 60 : 4000, 5, 1, 1, isWide: true);
    }

    private void AssertEqual<TAdd, T>(int count, int size, int outer, int inner, bool isWide)
        where TAdd : struct, IAtomicAdd<T>
        where T : unmanaged, INumber<T>
    {
        var index = Enumerable.Range(0, count).Select(i => i * 37 % (size + 2) - 1).ToArray(); // two of them outside
        var x = Enumerable.Range(0, outer * count * inner).Select(static i => T.CreateChecked(i * 7 % 11 - 5)).ToArray();
        if (isWide) x[^1] = x[7] = T.CreateChecked(double.NaN); // at two places, or at one that others add to after
        var expected = Enumerable.Range(0, outer * size * inner).Select(static i => T.CreateChecked(i)).ToArray();
        var y = Upload(expected);
        for (var i = 0; i < x.Length; i++)
        {
            var (target, place) = (index[i / inner % count], i / inner / count * size);
            if (target >= 0 && target < size) expected[(place + target) * inner + i % inner] += x[i];
        }

        var kernel = Kernels.Get(static accelerator => new AtomicScatterKernel<TAdd, T>(accelerator));
        if (isWide) kernel.Launch(Stream, Upload(x), Upload(Array.ConvertAll(index, static i => (long)i)), y, size, inner);
        else kernel.Launch(Stream, Upload(x), Upload(index), y, size, inner);
        Assert.That(Download(y), Is.EqualTo(expected));
    }
}
