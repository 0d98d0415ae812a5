using Noether.Models.LossLandscapes;
using Noether.Nn;

namespace Noether.Models.Tests.LossLandscapes;

public sealed class DirectionTests
{
    private static readonly Sequential Network = new(
        new Convolution(2, 3, [3, 3]) { Padding = [1] }, new BatchNorm(3), Activation.Relu, Activation.Flatten, new Linear(48, 5), Activation.Relu, new Linear(5, 4));

    private static readonly Parameters Weights = Network.Init(RandomKey.From(1), DType.Float64);

    [Test]
    public void Every_filter_of_a_normalised_direction_has_the_norm_of_its_weights()
    {
        var d = Direction.Random(Weights, RandomKey.From(2));
        using (Assert.EnterMultipleScope())
        {
            foreach (var (name, w) in Weights)
            {
                var expected = w.Rank > 1 ? Norms(w) : new double[Norms(w).Length];
                Assert.That(Norms(d[name]), Is.EqualTo(expected).Within(1e-9), name);
            }
        }
    }

    // A rectified unit scaled by c, and what reads it by 1/c, make the same function: its filter-normalised surface is the same.
    [Test]
    public void Rescaling_rectified_units_leaves_filter_normalised_surfaces_as_they_are()
    {
        var scales = Tensor.From([0.1, 3, 7, 0.5, 20]);
        var network = new Sequential(new Linear(6, 5), Activation.Relu, new Linear(5, 4));
        var weights = network.Init(RandomKey.From(3), DType.Float64);
        var scaled = weights.With("0.weight", weights["0.weight"] * scales.Unsqueeze(1)).With("0.bias", weights["0.bias"] * scales).With("2.weight", weights["2.weight"] / scales);
        var raw = Direction.Random(weights, RandomKey.From(4), new() { Normalization = DirectionNormalization.None });
        Parameters First(Parameters tree) => tree.Where(static name => name == "0.weight"); // whose filters are the units
        var landscape = new LossLandscape(network, Models.Curvature.OutputLoss.CrossEntropy(),
            Dataset.Of(RandomKey.From(5).Normal([7, 6], type: DType.Float64), Tensor.From([0L, 1, 2, 3, 0, 1, 2])).Batches(7));
        double[] steps = [-1, -0.3, 0.4, 1.2];
        double[,] Losses(Parameters at, DirectionNormalization normalization) =>
            landscape.Line(at, First(Direction.Normalize(raw, at, new() { Normalization = normalization })), steps).Loss;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Losses(scaled, DirectionNormalization.Filter), Is.EqualTo(Losses(weights, DirectionNormalization.Filter)).Within(1e-9));
            Assert.That(Losses(scaled, DirectionNormalization.Layer), Is.Not.EqualTo(Losses(weights, DirectionNormalization.Layer)).Within(1e-3));
        }
    }

    [Test]
    public void One_dimensional_tensors_stay_are_copied_or_are_scaled()
    {
        var bias = Weights["4.bias"];
        Tensor Of(OneDimensional how) => Direction.Random(Weights, RandomKey.From(6), new() { OneDimensional = how })["4.bias"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Of(OneDimensional.Zero).Abs().Max().Item(), Is.Zero);
            Assert.That((Of(OneDimensional.CopyWeights) - bias).Abs().Max().Item(), Is.Zero);
            Assert.That(Of(OneDimensional.RandomScaled).Norm().Item(), Is.EqualTo(bias.Norm().Item()).Within(1e-9));
        }
    }

    [Test]
    public void Filters_of_transposed_convolutions_lie_on_the_second_axis()
    {
        var network = new Sequential(new Convolution(2, 3, [2]), new TransposedConvolution(3, 4, [2]), new Sequential(new TransposedConvolution(4, 1, [3])));
        var axis = FilterAxes.Of(network);
        var weights = network.Init(RandomKey.From(7), DType.Float64);
        var d = Direction.Random(weights, RandomKey.From(8), new() { FilterAxis = axis });
        using (Assert.EnterMultipleScope())
        {
            Assert.That(weights.Names.Select(axis), Is.EqualTo(weights.Names.Select(static name => name is "1.weight" or "2.0.weight" ? 1 : 0)));
            Assert.That(Norms(d["1.weight"].SwapAxes(0, 1)), Is.EqualTo(Norms(weights["1.weight"].SwapAxes(0, 1))).Within(1e-9));
        }
    }

    [Test]
    public void A_filter_of_zeros_does_not_move_and_no_norm_divides_by_zero()
    {
        var weights = Parameters.Of(("w", Tensor.From(new double[,] { { 0, 0 }, { 1, 2 } })), ("z", Tensor.Zeros([2, 2], DType.Float64)));
        foreach (var mode in Enum.GetValues<DirectionNormalization>())
        {
            var d = Direction.Normalize(weights.ZerosLike(), weights, new() { Normalization = mode });
            Assert.That(d.Norm().Item(), Is.Zero, mode.ToString());
        }

        Assert.That(Direction.Random(weights, RandomKey.From(9))["w"][0].Abs().Max().Item(), Is.Zero);
    }

    [Test]
    public void Random_directions_of_many_weights_are_nearly_orthogonal()
    {
        var (x, y) = (Direction.Random(Weights, RandomKey.From(10)), Direction.Random(Weights, RandomKey.From(11)));
        Assert.That(Math.Abs(new Models.Curvature.ParameterSpace(Weights).Cosine(x, y)), Is.LessThan(6 / Math.Sqrt(Weights.Size)));
    }

    [Test]
    public void Other_shapes_are_an_error() =>
        Assert.That(() => Direction.Normalize(Weights.With("4.bias", Tensor.Zeros([9])), Weights), Throws.TypeOf<ParameterException>().With.Message.EqualTo("Direction: '4.bias' has shape [9], expected [5]"));

    private static double[] Norms(Tensor x) => x.Rank > 1 ? x.Reshape([x.Shape[0], (int)x.Shape[1..].Size]).Square().Sum(1).Sqrt().ToArray<double>() : x.Abs().ToArray<double>();
}
