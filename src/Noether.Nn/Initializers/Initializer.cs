namespace Noether.Nn;

/// <summary>How a parameter begins: values for a shape from a key. PyTorch's <c>torch.nn.init</c>.</summary>
/// <param name="description">For printing.</param>
/// <param name="draw">Values from key, shape and type.</param>
/// <remarks>
/// Weights are [outputs, inputs, kernel…]: fan-in is inputs × kernel, fan-out outputs × kernel. The gain √2 suits ReLU, 5/3 tanh, 1 linear layers.
/// </remarks>
public sealed class Initializer(string description, Func<RandomKey, Shape, DType, Tensor> draw)
{
    /// <summary>Zeros.</summary>
    public static Initializer Zeros { get; } = Constant(0);

    /// <summary>Ones.</summary>
    public static Initializer Ones { get; } = Constant(1);

    /// <summary>PyTorch's default for linear and convolution layers: uniform within 1/√fan-in (He with slope √5).</summary>
    public static Initializer FanIn { get; } = new("FanIn", static (key, shape, type) => Within(key, shape, type, 1 / Math.Sqrt(Fans(shape).In)));

    /// <summary>One number.</summary>
    public static Initializer Constant(double value) => new($"Constant({value})", (key, shape, type) => Tensor.Full(shape, value, type, key.Words.Device));

    /// <summary>Uniform in [low, high).</summary>
    public static Initializer Uniform(double low = 0, double high = 1) => new($"Uniform({low}, {high})", (key, shape, type) => key.Uniform(shape, low, high, type));

    /// <summary>Normal.</summary>
    public static Initializer Normal(double mean = 0, double deviation = 1) =>
        new($"Normal({mean}, {deviation})", (key, shape, type) => key.Normal(shape, mean, deviation, type));

    /// <summary>Normal, conditioned on at most two deviations from the mean.</summary>
    public static Initializer TruncatedNormal(double mean = 0, double deviation = 1) =>
        new($"TruncatedNormal({mean}, {deviation})", (key, shape, type) => mean + deviation * key.TruncatedNormal(shape, type: type));

    /// <summary>Uniform with variance 2·gain²/(fan-in + fan-out). Source: Glorot and Bengio (2010), equation 16.</summary>
    public static Initializer XavierUniform(double gain = 1) =>
        new($"XavierUniform({gain})", (key, shape, type) => Within(key, shape, type, gain * Math.Sqrt(6.0 / (Fans(shape).In + Fans(shape).Out))));

    /// <summary>Normal with variance 2·gain²/(fan-in + fan-out). Source: Glorot and Bengio (2010).</summary>
    public static Initializer XavierNormal(double gain = 1) =>
        new($"XavierNormal({gain})", (key, shape, type) => key.Normal(shape, 0, gain * Math.Sqrt(2.0 / (Fans(shape).In + Fans(shape).Out)), type));

    /// <summary>Uniform with variance gain²/fan, the gain √(2/(1 + slope²)) of leaky ReLU. Source: He et al. (2015), equation 10.</summary>
    public static Initializer HeUniform(Fan fan = Fan.In, double slope = 0) =>
        new($"HeUniform({fan}, {slope})", (key, shape, type) => Within(key, shape, type, Math.Sqrt(3) * HeDeviation(shape, fan, slope)));

    /// <summary>Normal with variance gain²/fan, the gain √(2/(1 + slope²)) of leaky ReLU. Source: He et al. (2015), equation 10.</summary>
    public static Initializer HeNormal(Fan fan = Fan.In, double slope = 0) =>
        new($"HeNormal({fan}, {slope})", (key, shape, type) => key.Normal(shape, 0, HeDeviation(shape, fan, slope), type));

    /// <summary>
    /// Rows (or columns, if there are fewer) orthonormal times the gain, evenly distributed over such matrices; axes after the first count as one.
    /// Source: Saxe, McClelland, Ganguli (2014).
    /// </summary>
    public static Initializer Orthogonal(double gain = 1) => new($"Orthogonal({gain})", (key, shape, type) => gain * OrthonormalRows(key, shape).To(type));

    /// <summary>Values for a shape.</summary>
    /// <param name="key">Decides them, and the device.</param>
    /// <param name="shape">Of the parameter.</param>
    /// <param name="type">Its type.</param>
    public Tensor Draw(RandomKey key, Shape shape, DType type = DType.Float32) => draw(key, shape, type);

    /// <inheritdoc/>
    public override string ToString() => description;

    /// <summary>Uniform within 1/√fan-in of a layer's weight: PyTorch's default for its bias.</summary>
    internal static Initializer FanInUniform(long fanIn) => new("FanIn", (key, shape, type) => Within(key, shape, type, fanIn == 0 ? 0 : 1 / Math.Sqrt(fanIn)));

    private static Tensor Within(RandomKey key, Shape shape, DType type, double bound) =>
        shape.Size == 0 ? Tensor.Zeros(shape, type, key.Words.Device) : key.Uniform(shape, -bound, bound, type);

    // Rows of the matrix [axis 0, the others], or columns if those are fewer: the orthogonal factor of normal numbers, in float64.
    private static Tensor OrthonormalRows(RandomKey key, Shape shape)
    {
        if (shape.Rank < 2) throw new ShapeException($"Orthogonal: needs a weight [outputs, inputs, …], not {shape}");
        int rows = shape[0], columns = checked((int)shape[1..].Size);
        var (unit, _) = LinearAlgebra.Qr(key.Normal([Math.Min(rows, columns), Math.Max(rows, columns)], type: DType.Float64).Transpose());
        return (rows > columns ? unit : unit.Transpose()).Reshape(shape);
    }

    private static double HeDeviation(Shape shape, Fan fan, double slope) =>
        Math.Sqrt(2 / (1 + slope * slope) / (fan == Fan.In ? Fans(shape).In : Fans(shape).Out));

    private static (long In, long Out) Fans(Shape shape)
    {
        if (shape.Rank < 2) throw new ShapeException($"Initializer: fans need a weight [outputs, inputs, …], not {shape}");
        var kernel = shape[2..].Size;
        return (shape[1] * kernel, shape[0] * kernel);
    }
}
