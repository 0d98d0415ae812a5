using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>How an instruction's form is called.</summary>
internal enum FormKind
{
    /// <summary>Lanes in, lanes of the same type out.</summary>
    Map,

    /// <summary>Lanes in, a mask out.</summary>
    Ask,
    Select,
    Cast,
    Constant,
}

/// <summary>Learns an instruction's form.</summary>
internal sealed class FormOf : IFormVisitor<(FormKind Kind, Type? Form, Scalar Value)>
{
    public static readonly FormOf Visitor = new();

    public (FormKind Kind, Type? Form, Scalar Value) Unary<TForm>()
        where TForm : struct, IUnaryForm => (FormKind.Map, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) NumberUnary<TForm>()
        where TForm : struct, INumberUnaryForm => (FormKind.Map, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) Binary<TForm>()
        where TForm : struct, IBinaryForm => (FormKind.Map, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) NumberBinary<TForm>()
        where TForm : struct, INumberBinaryForm => (FormKind.Map, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) Predicate<TForm>()
        where TForm : struct, IPredicateForm => (FormKind.Ask, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) Comparison<TForm>()
        where TForm : struct, IComparisonForm => (FormKind.Ask, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) Integer<TForm>()
        where TForm : struct, IIntegerForm => (FormKind.Map, typeof(TForm), default);

    public (FormKind Kind, Type? Form, Scalar Value) Select() => (FormKind.Select, null, default);

    public (FormKind Kind, Type? Form, Scalar Value) Cast() => (FormKind.Cast, null, default);

    public (FormKind Kind, Type? Form, Scalar Value) Constant(Scalar value) => (FormKind.Constant, null, value);
}
