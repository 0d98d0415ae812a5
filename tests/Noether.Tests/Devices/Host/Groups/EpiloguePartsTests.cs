using Noether.Devices;
using Noether.Devices.Host;
using Noether.Graphs;
using Noether.Primitives;

namespace Noether.Tests.Devices.Host;

public unsafe class EpiloguePartsTests
{
    private static readonly string[] Kinds = ["dense", "row", "column", "scalar", "channel", "image"];

    [Test]
    public void Parts_in_any_order_give_the_bits_of_the_whole(
        [ValueSource(nameof(Kinds))] string kind, [Values(128, 131, 400)] int width, [Values(DType.Float32, DType.Float64)] DType type, [Values] bool inPlace)
    {
        Shape shape = [3, 5, width];
        var random = new Random(width);
        View matrix = Filled(shape, type, random), other = Other(kind, shape, type, random);
        var group = new ElementwiseGroup(
            shape, [type, type],
            [new(Add.Instance, [0, 1], type), new(HyperbolicTangent.Instance, [2], type), new(Multiply.Instance, [3, 1], type)], [4, 2]);
        View[] expected = [Device.Host.NewView(shape, type), Device.Host.NewView(shape, type)];
        new BoundGroup(group).Run([matrix, other], expected, LoopPolicy.AtOnce);

        View[] actual = [Device.Host.NewView(shape, type), inPlace ? matrix : Device.Host.NewView(shape, type)];
        var bound = new BoundGroup(group);
        var body = bound.OverParts([matrix, other], actual, matrix, width, LoopPolicy.AtOnce);
        Assert.That(body, Is.Not.Null);
        foreach (var (row, rows, column, columns) in ((int, int, int, int)[])
            [(7, 8, 0, 100), (0, 1, 0, width), (1, 6, 0, width), (7, 8, 100, 17), (7, 8, 117, width - 117)])
            body!.Invoke((byte*)matrix.Storage.Handle + ((long)row * width + column) * type.Bytes(), rows, columns);
        for (var o = 0; o < 2; o++) Assert.That(RandomGroup.Values(actual[o]), Is.EqualTo(RandomGroup.Values(expected[o])), $"output {o}");
        GC.KeepAlive(bound);
    }

    [Test]
    public void Inputs_that_no_row_shows_and_interpreted_groups_have_no_parts()
    {
        Shape shape = [4, 200];
        var random = new Random(1);
        View matrix = Filled(shape, DType.Float32, random), turned = Filled([200, 4], DType.Float32, random), y = Device.Host.NewView(shape, DType.Float32);
        var group = new BoundGroup(new(shape, [DType.Float32, DType.Float32], [new(Add.Instance, [0, 1], DType.Float32)], [2]));
        Assert.That(group.OverParts([matrix, matrix], [y], matrix, 200, LoopPolicy.AtOnce), Is.Not.Null);
        Assert.That(group.OverParts([matrix, matrix], [y], matrix, 200, LoopPolicy.Never), Is.Null);
        Assert.That(group.OverParts([matrix, turned.With(turned.Layout.Permute([1, 0]))], [y], matrix, 200, LoopPolicy.AtOnce), Is.Null);
        Assert.That(group.OverParts([matrix, turned.With(Layout.Contiguous([200]).BroadcastTo(shape))], [y], matrix, 200, LoopPolicy.AtOnce), Is.Not.Null);
    }

    private static View Other(string kind, Shape shape, DType type, Random random)
    {
        Shape own = kind switch
        {
            "dense" => shape,
            "row" => [1, 1, shape[2]],
            "column" => [shape[0], shape[1], 1],
            "channel" => [1, shape[1], 1],
            "image" => [shape[0], 1, shape[2]],
            _ => [1, 1, 1],
        };
        var view = Filled(own, type, random);
        return view.With(view.Layout.BroadcastTo(shape));
    }

    private static View Filled(Shape shape, DType type, Random random)
    {
        var view = Device.Host.NewView(shape, type);
        for (var i = 0; i < shape.Size; i++)
        {
            var value = 2 * random.NextDouble() - 1;
            if (type == DType.Float32) ((float*)view.Storage.Handle)[i] = (float)value;
            else ((double*)view.Storage.Handle)[i] = value;
        }

        return view;
    }
}
