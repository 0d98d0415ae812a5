namespace Noether.Primitives;

/// <summary>A floating function of one variable.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record UnaryPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : UnaryPrimitive<TSelf, TForm>, new()
    where TForm : struct, IUnaryForm
{
    /// <summary>The primitive has no parameters: one instance serves all.</summary>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, [Instance.Domain]);

    /// <summary>An interval on which the function is smooth, for samples.</summary>
    internal virtual (double Low, double High) Domain => (-2, 2);

    /// <summary>dy/dx in terms of the input or, where that is cheaper, of the output; null if zero everywhere.</summary>
    internal abstract Tensor? Derivative(Tensor x, Tensor y);

    internal sealed override Tensor? Partial(int i, Tensor[] x, Tensor y) => Derivative(x[0], y);

    internal sealed override DType ResultType(DType[] x) => Rules.Floating(Name, x);

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.Unary<TForm>();
}

/// <summary>A function of one number, floating or integer, of the same type.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record NumberUnaryPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : NumberUnaryPrimitive<TSelf, TForm>, new()
    where TForm : struct, INumberUnaryForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, [(-2, 2)]);

    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Derivative"/>
    internal abstract Tensor? Derivative(Tensor x, Tensor y);

    internal sealed override Tensor? Partial(int i, Tensor[] x, Tensor y) => Derivative(x[0], y);

    internal sealed override DType ResultType(DType[] x) => Rules.Number(Name, x);

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.NumberUnary<TForm>();
}

/// <summary>A floating function of two variables.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record BinaryPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : BinaryPrimitive<TSelf, TForm>, new()
    where TForm : struct, IBinaryForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, Instance.Domains);

    /// <summary>An interval for each operand on which the function is smooth, for samples.</summary>
    internal virtual (double Low, double High)[] Domains => [(0.5, 2), (0.5, 2)];

    internal sealed override DType ResultType(DType[] x) => Rules.Floating(Name, x);

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.Binary<TForm>();
}

/// <summary>A function of two numbers of one type, floating or integer.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record NumberBinaryPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : NumberBinaryPrimitive<TSelf, TForm>, new()
    where TForm : struct, INumberBinaryForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, [(-2, 2), (-2, 2)]);

    internal sealed override DType ResultType(DType[] x) => Rules.Number(Name, x);

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.NumberBinary<TForm>();
}

/// <summary>A question about one floating number.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record PredicatePrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : PredicatePrimitive<TSelf, TForm>, new()
    where TForm : struct, IPredicateForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, [(-2, 2)]);

    internal sealed override Tensor? Partial(int i, Tensor[] x, Tensor y) => null;

    internal sealed override DType ResultType(DType[] x)
    {
        Rules.Floating(Name, x);
        return DType.Bool;
    }

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.Predicate<TForm>();
}

/// <summary>A question about two numbers of one type.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record ComparisonPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : ComparisonPrimitive<TSelf, TForm>, new()
    where TForm : struct, IComparisonForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Elementwise(Instance, [(-2, 2), (-2, 2)]);

    internal sealed override Tensor? Partial(int i, Tensor[] x, Tensor y) => null;

    internal sealed override DType ResultType(DType[] x)
    {
        Rules.Same(Name, x);
        return DType.Bool;
    }

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.Comparison<TForm>();
}

/// <summary>A function of two integers, or of two truth values where <see cref="TakesBool"/>.</summary>
/// <typeparam name="TSelf">The primitive itself.</typeparam>
/// <typeparam name="TForm">Its formula.</typeparam>
public abstract record IntegerPrimitive<TSelf, TForm> : ElementwisePrimitive, ISampled
    where TSelf : IntegerPrimitive<TSelf, TForm>, new()
    where TForm : struct, IIntegerForm
{
    /// <inheritdoc cref="UnaryPrimitive{TSelf, TForm}.Instance"/>
    public static readonly TSelf Instance = new();

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples => Sampling.Integers(Instance);

    /// <summary>True if 0 and 1 stay 0 and 1 under the operation.</summary>
    internal virtual bool TakesBool => false;

    internal sealed override Tensor? Partial(int i, Tensor[] x, Tensor y) => null;

    internal sealed override DType ResultType(DType[] x)
    {
        var type = Rules.Same(Name, x);
        return type.IsInteger() || (TakesBool && type == DType.Bool)
            ? type
            : throw new DTypeException($"{Name}: takes integers{(TakesBool ? " or bool" : "")}, not {type.Name()}");
    }

    internal sealed override T Accept<T>(IFormVisitor<T> visitor) => visitor.Integer<TForm>();
}

/// <summary>Element-type rules that families share.</summary>
internal static class Rules
{
    public static DType Same(string name, DType[] x)
    {
        foreach (var type in x)
        {
            if (type != x[0]) throw new DTypeException($"{name}: element types differ: {string.Join(", ", x.Select(t => t.Name()))}");
        }

        return x[0];
    }

    public static DType Floating(string name, DType[] x)
    {
        var type = Same(name, x);
        return type.IsFloating() ? type : throw new DTypeException($"{name}: takes floating types, not {type.Name()}");
    }

    public static DType Number(string name, DType[] x)
    {
        var type = Same(name, x);
        return type != DType.Bool ? type : throw new DTypeException($"{name}: takes numbers, not bool");
    }
}
