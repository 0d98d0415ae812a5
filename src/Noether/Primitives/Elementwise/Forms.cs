using Noether.Kernels.Lanes;

namespace Noether.Primitives;

/// <summary>A function of one floating number.</summary>
public interface IUnaryForm
{
    /// <summary>The formula, once: for GPUs one number, on the host 4 to 16 lanes, in either precision.</summary>
    static abstract V Invoke<V>(V x)
        where V : struct, IFloatLanes<V>;
}

/// <summary>A function of one number, floating or integer.</summary>
public interface INumberUnaryForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x)
        where V : struct, ILanes<V>;
}

/// <summary>A function of two floating numbers.</summary>
public interface IBinaryForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x, V y)
        where V : struct, IFloatLanes<V>;
}

/// <summary>A function of two numbers, floating or integer.</summary>
public interface INumberBinaryForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x, V y)
        where V : struct, ILanes<V>;
}

/// <summary>A question about one floating number; the result is a mask.</summary>
public interface IPredicateForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x)
        where V : struct, IFloatLanes<V>;
}

/// <summary>A question about two numbers; the result is a mask.</summary>
public interface IComparisonForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x, V y)
        where V : struct, ILanes<V>;
}

/// <summary>A function of two integers or truth values (0 or 1).</summary>
public interface IIntegerForm
{
    /// <inheritdoc cref="IUnaryForm.Invoke"/>
    static abstract V Invoke<V>(V x, V y)
        where V : struct, IIntegerLanes<V>;
}

/// <summary>Learns the form behind an elementwise primitive as a type argument: how a device instantiates it over its own lanes.</summary>
/// <typeparam name="T">What the visit makes.</typeparam>
public interface IFormVisitor<out T>
{
    /// <summary>A floating unary form.</summary>
    T Unary<TForm>()
        where TForm : struct, IUnaryForm;

    /// <summary>A unary form on any number.</summary>
    T NumberUnary<TForm>()
        where TForm : struct, INumberUnaryForm;

    /// <summary>A floating binary form.</summary>
    T Binary<TForm>()
        where TForm : struct, IBinaryForm;

    /// <summary>A binary form on any number.</summary>
    T NumberBinary<TForm>()
        where TForm : struct, INumberBinaryForm;

    /// <summary>A predicate; gives bool.</summary>
    T Predicate<TForm>()
        where TForm : struct, IPredicateForm;

    /// <summary>A comparison; gives bool.</summary>
    T Comparison<TForm>()
        where TForm : struct, IComparisonForm;

    /// <summary>A form on integers and truth values.</summary>
    T Integer<TForm>()
        where TForm : struct, IIntegerForm;

    /// <summary>mask ? x : y.</summary>
    T Select();

    /// <summary>A change of element type.</summary>
    T Cast();

    /// <summary>The same number everywhere.</summary>
    T Constant(Scalar value);
}
