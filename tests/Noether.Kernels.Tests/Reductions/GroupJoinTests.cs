using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Reductions;

namespace Noether.Kernels.Tests.Reductions;

[TestFixtureSource(typeof(KernelFixture), nameof(Lanes))]
public class GroupJoinTests(string lane) : KernelFixture(lane)
{
    private const int Threads = 64; // two warps

    // One line over both warps, whole and in part; lines across warps, side by side; lines within a warp; lines of one thread.
    private static readonly int[][] Shapes = [[1, 64, 64], [1, 64, 5], [1, 64, 33], [4, 16, 16], [4, 16, 11], [32, 2, 2], [2, 8, 7], [1, 32, 1], [8, 1, 1]];

    [TestCaseSource(nameof(Shapes))]
    public void Each_thread_gets_what_its_line_has(int width, int height, int active)
    {
        Check<SharedJoin>(width, height, active);
        if (Accelerator.AcceleratorType != AcceleratorType.OpenCL) Check<ShuffleJoin>(width, height, active); // its processors have no shuffles
    }

    private void Check<TJoin>(int width, int height, int active)
        where TJoin : struct, IGroupJoin
    {
        var parts = Enumerable.Range(0, Threads).Select(t => Place(t) < active ? 1 << t % 20 : -1000).ToArray();
        var expected = Enumerable.Range(0, Threads).Select(t => Enumerable.Range(0, active).Sum(place => parts[t - Place(t) * width + place * width]));
        ArrayView<int> x = Upload(parts), y = Allocate<int>(Threads);
        Accelerator.LoadKernel<ArrayView<int>, ArrayView<int>, int, int, int>(JoinOnce<TJoin>)(Stream, new KernelConfig(1, Threads), x, y, width, height, active);
        Assert.That(Download(y), Is.EqualTo(expected), typeof(TJoin).Name);

        int Place(int t) => t / width % height;
    }

    private static void JoinOnce<TJoin>(ArrayView<int> x, ArrayView<int> y, int width, int height, int active)
        where TJoin : struct, IGroupJoin =>
        y[Group.IdxX] = TJoin.Join<Sum<int>, int>(x[Group.IdxX], width, height, active);
}
