using Noether.Devices;

namespace Noether.Primitives;

/// <summary>
/// Takes matrices in the last two axes apart, those of all leading axes side by side. A member says its shapes and its differential, written
/// in products and triangular solves; the reverse is its transpose. A batch is one more leading axis.
/// </summary>
/// <remarks>
/// Signs that mathematics leaves open are fixed (see each member), so that factors are functions of the matrix, smooth except where the
/// differential says otherwise. bfloat16 is factorised in float32.
/// </remarks>
public abstract record FactorisationPrimitive : Primitive
{
    /// <summary>What the device is asked for.</summary>
    internal abstract Factorisation Kind { get; }

    /// <summary>Tangents of the factors for the tangent of the matrix.</summary>
    internal abstract Tensor?[] Differential(Tensor x, Tensor[] y, Tensor dx);

    internal sealed override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => dx[0] is { } d ? Differential(x[0], y, d) : new Tensor?[y.Length];

    internal sealed override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => Tensor.ApplyMany(this, x);

    internal sealed override void Evaluate(Device device, View[] x, View[] y) => device.Factorise(Kind, x[0], y);

    /// <summary>Element type, leading axes and sizes of a matrix operand, checked.</summary>
    internal static (DType Type, Shape Leading, int Rows, int Columns) Matrix(string name, Tensor x, bool square)
    {
        var type = Rules.Floating(name, [x.DType]);
        if (x.Rank < 2) throw new ShapeException($"{name}: {x.Shape} is not a matrix or a stack of matrices");
        if (square && x.Shape[^1] != x.Shape[^2]) throw new ShapeException($"{name}: the matrix is not square: {x.Shape}");
        return (type, x.Shape[..^2], x.Shape[^2], x.Shape[^1]);
    }

    /// <summary>The same for factorisations of matrices with at least as many rows as columns; others are transposed or cut at the door.</summary>
    internal static (DType Type, Shape Leading, int Rows, int Columns) TallMatrix(string name, Tensor x)
    {
        var matrix = Matrix(name, x, square: false);
        return matrix.Rows >= matrix.Columns
            ? matrix
            : throw new ShapeException($"{name}: {x.Shape} has fewer rows than columns");
    }
}
