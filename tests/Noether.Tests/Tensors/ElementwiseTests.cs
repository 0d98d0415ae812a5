namespace Noether.Tests.Tensors;

[Parallelizable(ParallelScope.All)]
public sealed class ElementwiseTests
{
    private static readonly double[] Reals = [-7.5, -2.5, -1.25, -0.75, -1e-9, 0, 1e-9, 0.25, 0.5, 1, 1.5, 2.5, 3.75, 20];

    private static readonly (string Name, Func<Tensor, Tensor> Ours, Func<double, double> Reference)[] Unary =
    [
        ("Exp", x => x.Exp(), Math.Exp),
        ("Exp2", x => x.Exp2(), x => Math.Pow(2, x)),
        ("Expm1", x => x.Expm1(), x => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1),
        ("Log", x => x.Log(), Math.Log),
        ("Log2", x => x.Log2(), Math.Log2),
        ("Log10", x => x.Log10(), Math.Log10),
        ("Log1p", x => x.Log1p(), x => Math.Abs(x) < 1e-5 ? x - x * x / 2 : Math.Log(1 + x)),
        ("Sqrt", x => x.Sqrt(), Math.Sqrt),
        ("Cbrt", x => x.Cbrt(), Math.Cbrt),
        ("Sin", x => x.Sin(), Math.Sin),
        ("Cos", x => x.Cos(), Math.Cos),
        ("Tan", x => x.Tan(), Math.Tan),
        ("Asin", x => x.Asin(), Math.Asin),
        ("Acos", x => x.Acos(), Math.Acos),
        ("Atan", x => x.Atan(), Math.Atan),
        ("Sinh", x => x.Sinh(), Math.Sinh),
        ("Cosh", x => x.Cosh(), Math.Cosh),
        ("Tanh", x => x.Tanh(), Math.Tanh),
        ("Asinh", x => x.Asinh(), Math.Asinh),
        ("Acosh", x => x.Acosh(), Math.Acosh),
        ("Atanh", x => x.Atanh(), Math.Atanh),
        ("Sigmoid", x => x.Sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ("LogSigmoid", x => x.LogSigmoid(), x => -Math.Log(1 + Math.Exp(-x))),
        ("Softplus", x => x.Softplus(), x => Math.Log(1 + Math.Exp(x))),
        ("Silu", x => x.Silu(), x => x / (1 + Math.Exp(-x))),
        ("GeluTanh", x => x.GeluTanh(), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)))),
        ("Relu", x => x.Relu(), x => Math.Max(x, 0)),
        ("LeakyRelu", x => x.LeakyRelu(0.1), x => x > 0 ? x : 0.1 * x),
        ("Elu", x => x.Elu(), x => x > 0 ? x : Math.Exp(x) - 1),
        ("Mish", x => x.Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ("Softsign", x => x.Softsign(), x => x / (1 + Math.Abs(x))),
        ("HardSwish", x => x.HardSwish(), x => x * Math.Clamp(x + 3, 0, 6) / 6),
        ("Floor", x => x.Floor(), Math.Floor),
        ("Ceiling", x => x.Ceiling(), Math.Ceiling),
        ("Round", x => x.Round(), x => Math.Round(x, MidpointRounding.ToEven)),
        ("Truncate", x => x.Truncate(), Math.Truncate),
        ("Abs", x => x.Abs(), Math.Abs),
        ("Sign", x => x.Sign(), x => Math.Sign(x)),
        ("Square", x => x.Square(), x => x * x),
        ("Reciprocal", x => x.Reciprocal(), x => 1 / x),
        ("ReciprocalSqrt", x => x.ReciprocalSqrt(), x => 1 / Math.Sqrt(x)),
        ("Pow 3", x => x.Pow(3), x => x * x * x),
        ("Pow -2", x => x.Pow(-2), x => 1 / (x * x)),
        ("Pow 2.5", x => x.Pow(2.5), x => Math.Pow(x, 2.5)),
        ("Clamp", x => x.Clamp(-1, 2), x => Math.Clamp(x, -1, 2)),
        ("Remainder", x => x.Remainder(1.5), x => x - 1.5 * Math.Floor(x / 1.5)),
        ("Negate", x => -x, x => -x),
    ];

    public static IEnumerable<string> Names => Unary.Select(u => u.Name);

    [TestCaseSource(nameof(Names))]
    public void Functions_of_one_number_agree_with_the_framework(string name)
    {
        var (_, ours, reference) = Unary.Single(u => u.Name == name);
        var expected = Array.ConvertAll(Reals, x => reference(x));
        var actual = ours(Tensor.From(Reals, device: Device.Host)).ToArray<double>();
        var single = ours(Tensor.From(Array.ConvertAll(Reals, x => (float)x), device: Device.Host)).ToArray<double>();
        using (Assert.EnterMultipleScope())
        {
            for (var i = 0; i < Reals.Length; i++)
            {
                // The references written with plain Exp and Log lose digits of their own, at most 1e-10 here.
                Assert.That(actual[i], Is.EqualTo(expected[i]).Within(1e-10 * Scale(expected[i])), $"{name}({Reals[i]})");
                Assert.That(single[i], Is.EqualTo(reference((float)Reals[i])).Within(3e-6 * Scale(expected[i])), $"{name}({Reals[i]}) in float32");
            }
        }
    }

    [Test]
    public void Erf_agrees_with_tabulated_values()
    {
        // Abramowitz and Stegun, table 7.1.
        var y = Tensor.From([0.0, 0.5, 1, 2, -1], device: Device.Host).Erf().ToArray<double>();
        Assert.That(y, Is.EqualTo([0, 0.5204998778130465, 0.8427007929497149, 0.9953222650189527, -0.8427007929497149]).Within(1e-14));
        Assert.That(Tensor.From([5.0], device: Device.Host).Erfc().Item(), Is.EqualTo(1.5374597944280349e-12).Within(1e-25));
    }

    [Test]
    public void Gelu_is_x_times_the_normal_distribution() =>
        Assert.That(Tensor.From([1.0], device: Device.Host).Gelu().Item(), Is.EqualTo(0.8413447460685429).Within(1e-14));

    [Test]
    public void Hypot_neither_overflows_nor_underflows()
    {
        var x = Tensor.From([3e200, 3e-200, 0, double.PositiveInfinity], device: Device.Host);
        var y = Tensor.From([4e200, 4e-200, 0, 1], device: Device.Host);
        Assert.That(x.Hypot(y).ToArray<double>(), Is.EqualTo([5e200, 5e-200, 0, double.PositiveInfinity]).Within(1e-13).Percent);
        Assert.That(Transform.Grad(v => v.Hypot(v).Sum())(Tensor.Zeros([1], DType.Float64, Device.Host)).Item(), Is.Zero);
    }

    [Test]
    public void Atan2_knows_every_quadrant()
    {
        var y = Tensor.From([1.0, 1, -1, -1, 0], device: Device.Host);
        var x = Tensor.From([1.0, -1, -1, 1, -1], device: Device.Host);
        Assert.That(y.Atan2(x).ToArray<double>(), Is.EqualTo([Math.PI / 4, 3 * Math.PI / 4, -3 * Math.PI / 4, -Math.PI / 4, Math.PI]).Within(1e-15));
    }

    [Test]
    public void LogAddExp_takes_infinities()
    {
        var x = Tensor.From([1000.0, double.NegativeInfinity, double.PositiveInfinity], device: Device.Host);
        var y = Tensor.From([1000.0, double.NegativeInfinity, 1], device: Device.Host);
        Assert.That(x.LogAddExp(y).ToArray<double>(), Is.EqualTo([1000 + Math.Log(2), double.NegativeInfinity, double.PositiveInfinity]).Within(1e-12));
    }

    [Test]
    public void Integer_division_and_remainder_follow_Python()
    {
        var x = Tensor.From([7, -7, 7, -7], device: Device.Host);
        var y = Tensor.From([2, 2, -2, -2], device: Device.Host);
        Assert.That(x.FloorDivide(y).ToArray<int>(), Is.EqualTo([3, -4, -4, 3]));
        Assert.That(x.Remainder(y).ToArray<int>(), Is.EqualTo([1, 1, -1, -1]));
        Assert.That((x / y).DType, Is.EqualTo(DType.Float32));
    }

    [Test]
    public void Literals_never_widen_a_tensor()
    {
        var single = Tensor.From([1f], device: Device.Host);
        var whole = Tensor.From([1], device: Device.Host);
        using (Assert.EnterMultipleScope())
        {
            Assert.That((single * 2.0).DType, Is.EqualTo(DType.Float32));
            Assert.That((whole * 2).DType, Is.EqualTo(DType.Int32));
            Assert.That((whole * 2.0).DType, Is.EqualTo(DType.Float32));
            Assert.That((single.To(DType.BFloat16) * 2.0).DType, Is.EqualTo(DType.BFloat16));
            Assert.That((single + whole.To(DType.Int64)).DType, Is.EqualTo(DType.Float32));
            Assert.That((single + single.To(DType.Float64)).DType, Is.EqualTo(DType.Float64));
            Assert.That((whole > 0).DType, Is.EqualTo(DType.Bool));
            Assert.That(((whole > 0) + 1).DType, Is.EqualTo(DType.Int32));
        }
    }

    [Test]
    public void Comparisons_and_logic_broadcast()
    {
        var x = Tensor.From([1.0, 2, double.NaN], device: Device.Host).Reshape(3, 1);
        var y = Tensor.From([1.0, 3], device: Device.Host);
        Assert.That((x < y).ToArray<bool>(), Is.EqualTo([false, true, false, true, false, false]));
        Assert.That((x >= y).ToArray<bool>(), Is.EqualTo([true, false, true, false, false, false]));
        Assert.That(x.NotEqual(y).ToArray<bool>(), Is.EqualTo([false, true, true, true, true, true]));
        Assert.That((!(x < y) & (y > 2)).ToArray<bool>(), Is.EqualTo([false, false, false, false, false, true]));
        Assert.That(Tensor.Select(x.IsNaN(), 0, x).ToArray<double>(), Is.EqualTo([1.0, 2, 0]));
    }

    [Test]
    public void Truth_values_add_and_multiply_to_truth_values()
    {
        var x = Tensor.From([true, true, false], device: Device.Host);
        var y = Tensor.From([true, false, false], device: Device.Host);
        Assert.That((x + y).ToArray<bool>(), Is.EqualTo([true, true, false]));
        Assert.That((x * y).ToArray<bool>(), Is.EqualTo([true, false, false]));
        Assert.That(x.Maximum(y).DType, Is.EqualTo(DType.Bool));
        Assert.That(x.Minimum(y).ToArray<bool>(), Is.EqualTo([true, false, false]));
        Assert.That(x.Sum().Item<long>(), Is.EqualTo(2));
        Assert.That(() => x - y, Throws.TypeOf<DTypeException>().With.Message.Contains("Subtract").And.Message.Contains("bool[3]"));
    }

    [Test]
    public void The_branch_not_taken_has_no_derivative() =>
        Assert.That(Transform.Grad(x => Tensor.Select(x > 0, x.Log(), 0).Sum())(Tensor.From([0.0, 2], device: Device.Host)).ToArray<double>()[1], Is.EqualTo(0.5));

    [Test]
    public void Large_tensors_use_every_tile_and_worker()
    {
        const int n = 100_003;
        var x = Tensor.Arange(n, DType.Float64, Device.Host);
        var y = (x * 2 + x.Reshape(1, n).Squeeze()).Sqrt();
        var values = y.ToArray<double>();
        for (var i = 0; i < n; i += 997) Assert.That(values[i], Is.EqualTo(Math.Sqrt(3.0 * i)).Within(1e-12));
        Assert.That(values[n - 1], Is.EqualTo(Math.Sqrt(3.0 * (n - 1))).Within(1e-12));
    }

    [Test]
    public void Shapes_that_do_not_broadcast_are_named()
    {
        var x = Tensor.Ones([2, 3], device: Device.Host);
        var y = Tensor.Ones([2], device: Device.Host);
        Assert.That(() => x + y, Throws.TypeOf<ShapeException>().With.Message.Contains("Add").And.Message.Contains("[2, 3]").And.Message.Contains("[2]"));
        Assert.That(() => Tensor.Select(x, x, x), Throws.TypeOf<DTypeException>().With.Message.Contains("Select"));
        Assert.That(() => x & x, Throws.TypeOf<DTypeException>().With.Message.Contains("BitwiseAnd"));
    }

    private static double Scale(double value) => double.IsFinite(value) ? Math.Max(1, Math.Abs(value)) : 1;
}
