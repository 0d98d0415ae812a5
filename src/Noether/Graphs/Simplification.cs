using Noether.Primitives;

namespace Noether.Graphs;

/// <summary>
/// Algebraic clean-up. Input and output: operations in topological order; the output computes the same results with fewer of them, bit for bit but
/// for sums of products.
/// </summary>
/// <remarks>
/// Rules hold for every number: <c>x·1</c>, <c>x/1</c>, <c>x - 0</c>, <c>x + (-0)</c> and <c>-(-x)</c> are x, but not <c>x + 0</c> of floating
/// numbers (it turns -0 into 0), <c>x·0</c> or <c>x - x</c> (NaN, ∞). A cast there and back is nothing if every value survives it. Reshapes and
/// permutations compose; constants under them, and under arithmetic, are constants. The transpose of a product that nobody else reads is the
/// product of the transposes, which are layouts: what reads it then reads dense memory. Where the device's products widen bfloat16 themselves, they
/// read it as it is and round what only a cast would read. Operations that nothing needs any more are dropped.
/// One rule keeps the value but not every bit: products that only their sum reads are one operation where the device has it, and long sums of terms
/// may then be added in another order.
/// </remarks>
internal sealed class Simplification
{
    private readonly List<TensorType> values;
    private readonly List<int> same; // the value that stands for each
    private readonly List<Operation?> producer;
    private readonly List<int> readers; // how many operations and results read each
    private readonly List<Operation> kept = [];
    private CodePlace? place; // of the operation that is visited

    private readonly Device device;

    private Simplification(List<Operation> operations, List<TensorType> values, int[] results, Device device)
    {
        this.device = device;
        this.values = values;
        same = [.. Enumerable.Range(0, values.Count)];
        producer = [.. Enumerable.Repeat<Operation?>(null, values.Count)];
        readers = [.. new int[values.Count]];
        foreach (var operation in operations)
        {
            foreach (var input in operation.Inputs) readers[input]++;
        }

        foreach (var result in results) readers[result]++;
    }

    /// <summary>The simpler operations and the values that stand for the results; new values are added to <paramref name="values"/>.</summary>
    public static (List<Operation> Operations, int[] Results) Run(List<Operation> operations, List<TensorType> values, int[] results, Device device)
    {
        var pass = new Simplification(operations, values, results, device);
        foreach (var operation in operations) pass.Visit(operation);
        var asked = Array.ConvertAll(results, r => pass.same[r]);
        return (pass.Needed(asked), asked);
    }

    private void Visit(Operation operation)
    {
        var inputs = Array.ConvertAll(operation.Inputs, i => same[i]);
        place = operation.Place;
        if (operation.Outputs.Length == 1 && StandIn(operation.Primitive, inputs, operation.Outputs[0]) is { } other)
        {
            same[operation.Outputs[0]] = other;
            if (other != operation.Outputs[0]) readers[other] += readers[operation.Outputs[0]] - 1;
            return;
        }

        Keep(new(operation.Primitive, inputs, operation.Outputs));
    }

    private void Keep(Operation operation)
    {
        operation = operation with { Place = operation.Place ?? place };
        foreach (var output in operation.Outputs) producer[output] = operation;
        kept.Add(operation);
    }

    // A value equal to the operation's, computed already or added here; null: none is simpler.
    private int? StandIn(Primitive primitive, int[] x, int y) => primitive switch
    {
        Negate when producer[x[0]] is { Primitive: Negate } inner => inner.Inputs[0],
        Add when IsConstant(x[1], IsNeutralInSums) => x[0],
        Add when IsConstant(x[0], IsNeutralInSums) => x[1],
        Add when device.SumsProducts && IsOwnProduct(x[0]) && IsOwnProduct(x[1]) => SumOfProducts(x, y),
        Subtract when IsConstant(x[1], static c => c.Value.ToDouble() == 0 && !IsNegativeZero(c)) => x[0],
        Multiply when IsConstant(x[1], IsOne) => x[0],
        Multiply when IsConstant(x[0], IsOne) => x[1],
        Divide when IsConstant(x[1], IsOne) => x[0],
        Cast cast => OfCast(cast, x[0], y),
        Reshape reshape => OfReshape(reshape, x[0], y),
        Permute permute => OfPermute(permute, x[0], y),
        MatMul when device.WidensFactors && (IsWidened(x[0]) || IsWidened(x[1])) => OfNarrow(x, y),
        Broadcast broadcast when ConstantOf(x[0]) is { } c => Constant(c.Value, broadcast.Shape, y),
        _ => Folded(primitive, x, y),
    };

    private int? OfCast(Cast cast, int x, int y)
    {
        if (producer[x] is { Primitive: Cast } inner && values[inner.Inputs[0]].DType == cast.Type && Holds(values[x].DType, cast.Type)) return inner.Inputs[0];
        if (cast.Type == DType.BFloat16 && producer[x] is { Primitive: MatMul } product && readers[x] == 1 && IsNarrowProduct(product))
        {
            Keep(product with { Outputs = [y] });
            return y;
        }

        return ConstantOf(x) is { } c && cast.Type is DType.Float32 or DType.Float64 && values[x].DType is not (DType.BFloat16 or DType.Int64)
            ? Constant(Rounded(c.Value.ToDouble(), values[x].DType), values[y].Shape, y)
            : null;
    }

    // bfloat16 that only a product's view of it widens is widened by the product.
    private int OfNarrow(int[] x, int y)
    {
        Keep(new(MatMul.Instance, Array.ConvertAll(x, Narrow), [y]));
        return y;
    }

    private bool IsNarrowProduct(Operation product) => Array.Exists(product.Inputs, i => values[i].DType == DType.BFloat16);

    private bool IsWidened(int x) => producer[x] switch
    {
        { Primitive: Cast } cast => values[x].DType == DType.Float32 && values[cast.Inputs[0]].DType == DType.BFloat16,
        { Primitive: Permute or Broadcast or Reshape } view => IsWidened(view.Inputs[0]),
        _ => false,
    };

    // The same before it was widened.
    private int Narrow(int x)
    {
        if (!IsWidened(x)) return x;
        var origin = producer[x]!;
        if (origin.Primitive is Cast) return origin.Inputs[0];
        var from = Narrow(origin.Inputs[0]);
        var y = New(new(values[x].Shape, DType.BFloat16));
        Keep(new(origin.Primitive, [from], [y]));
        return y;
    }

    private int New(TensorType type)
    {
        values.Add(type);
        same.Add(values.Count - 1);
        producer.Add(null);
        readers.Add(1);
        return values.Count - 1;
    }

    private int? OfReshape(Reshape reshape, int x, int y)
    {
        if (values[x].Shape.Equals(reshape.Shape)) return x;
        if (ConstantOf(x) is { } c) return Constant(c.Value, reshape.Shape, y);
        if (producer[x] is not { Primitive: Reshape } inner) return null;
        var origin = inner.Inputs[0];
        if (values[origin].Shape.Equals(reshape.Shape)) return origin;
        Keep(new(reshape, [origin], [y]));
        return y;
    }

    private int? OfPermute(Permute permute, int x, int y)
    {
        if (IsIdentity(permute.Axes)) return x;
        if (ConstantOf(x) is { } c) return Constant(c.Value, values[y].Shape, y);
        switch (producer[x])
        {
            case { Primitive: Permute first } inner:
                Integers both = [.. permute.Axes.Select(axis => first.Axes[axis])];
                if (IsIdentity(both)) return inner.Inputs[0];
                Keep(new(new Permute(both), inner.Inputs, [y]));
                return y;
            case { Primitive: MatMul or MatMulSum } product when readers[product.Outputs[0]] == 1 && SwapsLastTwo(permute.Axes):
                Keep(product with { Inputs = [.. product.Inputs.Select((_, i) => Transposed(permute, product.Inputs[i ^ 1]))], Outputs = [y] });
                return y;
            default:
                return null;
        }
    }

    private bool IsOwnProduct(int x) => producer[x]?.Primitive is MatMul or MatMulSum && readers[x] == 1 && values[x].DType != DType.BFloat16;

    private int SumOfProducts(int[] x, int y)
    {
        var (first, second) = (producer[x[0]]!, producer[x[1]]!);
        Keep(first with { Primitive = MatMulSum.Instance, Inputs = [.. first.Inputs, .. second.Inputs], Outputs = [y] });
        return y;
    }

    private int Transposed(Permute swap, int x)
    {
        var shape = values[x].Shape;
        var y = New(values[x] with { Shape = [.. swap.Axes.Select(axis => shape[axis])] });
        if (OfPermute(swap, x, y) is { } other) return other;
        Keep(new(swap, [x], [y]));
        return y;
    }

    // Arithmetic on constants, where float64 gives the type's own result: one operation on float32 rounded from float64 is float32's (2p + 2 bits).
    private int? Folded(Primitive primitive, int[] x, int y)
    {
        var type = values[y].DType;
        if (primitive is not (Add or Subtract or Multiply or Divide or Negate) || type is not (DType.Float32 or DType.Float64)) return null;
        if (ConstantOf(x[0]) is not { } a) return null;
        var first = Rounded(a.Value.ToDouble(), type);
        if (primitive is Negate) return Constant(-first, values[y].Shape, y);
        if (ConstantOf(x[1]) is not { } b) return null;
        var second = Rounded(b.Value.ToDouble(), type);
        var result = primitive switch
        {
            Add => first + second,
            Subtract => first - second,
            Multiply => first * second,
            _ => first / second,
        };
        return Constant(Rounded(result, type), values[y].Shape, y);
    }

    private int Constant(Scalar value, Shape shape, int y)
    {
        Keep(new(new Constant(value, values[y].DType, shape), [], [y]));
        return y;
    }

    private Constant? ConstantOf(int value) => producer[value]?.Primitive as Constant;

    private bool IsConstant(int value, Func<Constant, bool> asked) => ConstantOf(value) is { } constant && asked(constant);

    private static bool IsNeutralInSums(Constant c) => c.Value.ToDouble() == 0 && (c.Type.IsFloating() ? IsNegativeZero(c) : c.Value.ToInt64() == 0);

    private static bool IsNegativeZero(Constant c) => c.Type.IsFloating() && double.IsNegative(c.Value.ToDouble()) && c.Value.ToDouble() == 0;

    private static bool IsOne(Constant c) => c.Type.IsFloating() ? Rounded(c.Value.ToDouble(), c.Type) == 1 : c.Type != DType.Bool && c.Value.ToInt64() == 1;

    private static double Rounded(double value, DType type) => type == DType.Float32 ? (float)value : type == DType.BFloat16 ? (double)(float)(BFloat16)(float)value : value;

    // Every value of the narrow type is a different value of the wide one.
    private static bool Holds(DType wide, DType narrow) => (wide, narrow) switch
    {
        (DType.Float64, DType.Float32 or DType.BFloat16 or DType.Int32) => true,
        (DType.Float32, DType.BFloat16) => true,
        (DType.Int64, DType.Int32) => true,
        (not DType.Bool, DType.Bool) => true,
        _ => false,
    };

    private static bool IsIdentity(Integers axes)
    {
        for (var i = 0; i < axes.Count; i++)
        {
            if (axes[i] != i) return false;
        }

        return true;
    }

    private static bool SwapsLastTwo(Integers axes)
    {
        var n = axes.Count;
        for (var i = 0; i < n - 2; i++)
        {
            if (axes[i] != i) return false;
        }

        return n >= 2 && axes[n - 2] == n - 1 && axes[n - 1] == n - 2;
    }

    private List<Operation> Needed(int[] results)
    {
        var needed = new bool[values.Count];
        foreach (var result in results) needed[result] = true;
        var last = kept.Count;
        for (var i = kept.Count - 1; i >= 0; i--)
        {
            if (!Array.Exists(kept[i].Outputs, output => needed[output])) continue;
            foreach (var input in kept[i].Inputs) needed[input] = true;
            kept[--last] = kept[i];
        }

        kept.RemoveRange(0, last);
        return kept;
    }
}
