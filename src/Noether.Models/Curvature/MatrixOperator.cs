using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>A symmetric matrix as an operator on one vector, named <c>x</c>.</summary>
public sealed class MatrixOperator : SymmetricOperator
{
    private readonly Tensor matrix;

    /// <summary>The operator of a matrix.</summary>
    /// <param name="matrix">Symmetric [size, size].</param>
    /// <exception cref="ShapeException">It is not square.</exception>
    public MatrixOperator(Tensor matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        if (matrix.Rank != 2 || matrix.Shape[0] != matrix.Shape[1]) throw new ShapeException($"MatrixOperator: {matrix.Shape} is not square");
        this.matrix = matrix;
        Space = new(Parameters.Of(("x", Tensor.Zeros(matrix.Shape[..1], matrix.DType, matrix.Device))));
    }

    /// <inheritdoc/>
    public override ParameterSpace Space { get; }

    /// <inheritdoc/>
    public override Parameters Apply(Parameters vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        Space.Zero.CheckMatches(vector, nameof(MatrixOperator));
        return vector.Map(x => matrix.MatMul(x));
    }

    /// <inheritdoc/>
    public override Parameters ApplyBlock(Parameters vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return vectors.Map(x => x.MatMul(matrix.Transpose()));
    }
}
