using Noether.Primitives;
using static Noether.Transform;

namespace Noether.Tests.Tensors;

public class ArrangementTests
{
    private static readonly Tensor Row = Tensor.From([1f, 2, 3, 4], [1, 4], Device.Host);
    private static readonly Tensor X = Sampling.Values([3, 4]);

    [Test]
    public void Splits_and_chunks_join_again()
    {
        var x = Sampling.Values([2, 7]);
        Assert.That(x.Split([3, 0, 4], 1).Select(p => p.Shape[1]), Is.EqualTo([3, 0, 4]));
        Assert.That(x.Split(3, 1).Select(p => p.Shape[1]), Is.EqualTo([3, 3, 1]));
        Assert.That(x.Chunk(4, 1).Select(p => p.Shape[1]), Is.EqualTo([2, 2, 2, 1]));
        Assert.That(x.Chunk(5, 1).Select(p => p.Shape[1]), Is.EqualTo([2, 2, 2, 1])); // as PyTorch: four
        foreach (var parts in (Tensor[][])[x.Split([3, 0, 4], -1), x.Split(3, 1), x.Chunk(4, 1)])
            Assert.That(Tensor.Concatenate(1, parts).ToArray<double>(), Is.EqualTo(x.ToArray<double>()));
    }

    [Test]
    public void Tile_repeats_the_whole_and_Repeat_the_elements()
    {
        Assert.That(Row.Tile(2).ToArray<float>(), Is.EqualTo([1f, 2, 3, 4, 1, 2, 3, 4]));
        Assert.That(Row.Tile(2, 1, 1).Shape, Is.EqualTo(Shape.Create([2, 1, 4])));
        Assert.That(Row.Tile(2, 1).ToArray<float>(), Is.EqualTo([1f, 2, 3, 4, 1, 2, 3, 4]));
        Assert.That(Row.Repeat(2, 1).ToArray<float>(), Is.EqualTo([1f, 1, 2, 2, 3, 3, 4, 4]));
        Assert.That(Row.Repeat([1, 0, 2, 1], -1).ToArray<float>(), Is.EqualTo([1f, 3, 3, 4]));
        Assert.That(Grad(x => (x.Tile(3, 1) * Tensor.Arange(3, DType.Float32, Device.Host).Unsqueeze(1)).Sum())(Row).ToArray<float>(), Is.EqualTo([3f, 3, 3, 3]));
    }

    [Test]
    public void Roll_and_Flip_move_elements()
    {
        Assert.That(Row.Roll(1, 1).ToArray<float>(), Is.EqualTo([4f, 1, 2, 3]));
        Assert.That(Row.Roll(-5, 1).ToArray<float>(), Is.EqualTo([2f, 3, 4, 1]));
        Assert.That(Row.Flip(-1).ToArray<float>(), Is.EqualTo([4f, 3, 2, 1]));
        Assert.That(X.Flip(0, 1).ToArray<double>(), Is.EqualTo(X.ToArray<double>().Reverse()));
    }

    [Test]
    public void Every_mode_of_padding()
    {
        float[] Padded(PadMode mode) => Row.Pad([(2, 2)], mode).ToArray<float>();
        Assert.That(Padded(PadMode.Constant), Is.EqualTo([0f, 0, 1, 2, 3, 4, 0, 0]));
        Assert.That(Padded(PadMode.Reflect), Is.EqualTo([3f, 2, 1, 2, 3, 4, 3, 2]));
        Assert.That(Padded(PadMode.Replicate), Is.EqualTo([1f, 1, 1, 2, 3, 4, 4, 4]));
        Assert.That(Padded(PadMode.Circular), Is.EqualTo([3f, 4, 1, 2, 3, 4, 1, 2]));
        Assert.That(Row.Pad([(1, 0), (1, -2)], value: 7).ToArray<float>(), Is.EqualTo([7f, 7, 7, 7, 1, 2]));
        Assert.That(Grad(x => x.Pad([(2, 2)], PadMode.Reflect).Sum())(Row).ToArray<float>(), Is.EqualTo([1f, 3, 3, 1]));
        Assert.That(Row.To(DType.Int32).Pad([(1, 0)], value: 5).DType, Is.EqualTo(DType.Int32));
    }

    [Test]
    public void Windows_and_their_overlap_add()
    {
        var w = Row.SlidingWindows(2);
        Assert.That(w.Shape, Is.EqualTo(Shape.Create([1, 3, 2])));
        Assert.That(w.ToArray<float>(), Is.EqualTo([1f, 2, 2, 3, 3, 4]));
        Assert.That(w.OverlapAdd(4).ToArray<float>(), Is.EqualTo([1f, 4, 6, 4]));
        Assert.That(Row.SlidingWindows(2, 2, 1).OverlapAdd(4, 2).ToArray<float>(), Is.EqualTo([1f, 2, 3, 4]));
        Assert.That(Grad(x => (x.SlidingWindows(2, dilation: 2).OverlapAdd(4, dilation: 2) * x).Sum())(Row).ToArray<float>(), Is.EqualTo([2f, 4, 6, 8]));
    }

    [Test]
    public void Unfold_gives_the_columns_whose_product_is_the_convolution()
    {
        Tensor x = Sampling.Values([2, 3, 5, 6]), w = Sampling.Values([4, 3, 3, 2], seed: 1);
        var columns = x.Unfold([3, 2], [2], [1], [1, 2]);
        Assert.That(columns.Shape, Is.EqualTo(Shape.Create([2, 18, 9])));
        var y = x.Convolve(w, stride: [2], padding: [1], dilation: [1, 2]);
        Assert.That(w.Reshape(4, 18).MatMul(columns).ToArray<double>(), Is.EqualTo(y.ToArray<double>()).Within(1e-12)); // 18 products below 4
    }

    [Test]
    public void Meshgrid_and_Expand_stretch()
    {
        var grid = Tensor.Meshgrid(Tensor.Arange(2, device: Device.Host), Tensor.Arange(3, device: Device.Host));
        Assert.That(grid[0].ToArray<int>(), Is.EqualTo([0, 0, 0, 1, 1, 1]));
        Assert.That(grid[1].ToArray<int>(), Is.EqualTo([0, 1, 2, 0, 1, 2]));
        Assert.That(Row.Expand(2, 3, -1).Shape, Is.EqualTo(Shape.Create([2, 3, 4])));
    }

    [Test]
    public void What_does_not_fit_is_named()
    {
        Assert.That(() => X.Split([1, 1]), Throws.TypeOf<ShapeException>().With.Message.Contains("Split").And.Message.Contains("[3, 4]"));
        Assert.That(() => X.Split(0), Throws.TypeOf<ShapeException>().With.Message.Contains("Split"));
        Assert.That(() => X.Chunk(0), Throws.TypeOf<ShapeException>().With.Message.Contains("Chunk"));
        Assert.That(() => X.Tile(-1), Throws.TypeOf<ShapeException>().With.Message.Contains("Tile"));
        Assert.That(() => X.Repeat([1, 2]), Throws.TypeOf<ShapeException>().With.Message.Contains("Repeat"));
        Assert.That(() => X.Roll(1, 2), Throws.TypeOf<AxisException>().With.Message.Contains("Roll"));
        Assert.That(() => X.Flip(0, -2), Throws.TypeOf<AxisException>().With.Message.Contains("Flip"));
        Assert.That(() => X.Pad([(3, 0), (0, 0)], PadMode.Reflect), Throws.TypeOf<ShapeException>().With.Message.Contains("Reflect"));
        Assert.That(() => X.Pad([(-3, -2)]), Throws.TypeOf<ShapeException>().With.Message.Contains("Pad"));
        Assert.That(() => X.SlidingWindows(0), Throws.TypeOf<ShapeException>().With.Message.Contains("SlidingWindows"));
        Assert.That(() => X.OverlapAdd(5), Throws.TypeOf<ShapeException>().With.Message.Contains("OverlapAdd"));
        Assert.That(() => X.Unfold([2, 2]), Throws.TypeOf<ShapeException>().With.Message.Contains("Unfold"));
        Assert.That(() => Tensor.Meshgrid(X), Throws.TypeOf<ShapeException>().With.Message.Contains("Meshgrid"));
        Assert.That(() => X.Expand(-1, 3, 4), Throws.TypeOf<ShapeException>().With.Message.Contains("Expand"));
    }
}
