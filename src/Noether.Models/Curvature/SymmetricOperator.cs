using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>A symmetric linear map of a <see cref="ParameterSpace"/> to itself that is known by its products with vectors.</summary>
public abstract class SymmetricOperator
{
    private const int BlockSize = 32; // vectors a block, where blocks are made here

    /// <summary>What it maps.</summary>
    public abstract ParameterSpace Space { get; }

    /// <summary>The product with one vector.</summary>
    /// <exception cref="ParameterException">The vector is not of the space.</exception>
    public abstract Parameters Apply(Parameters vector);

    /// <summary>The products with several vectors, which lie along a leading axis of every tensor.</summary>
    public virtual Parameters ApplyBlock(Parameters vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        return Parameters.Stack([.. Enumerable.Range(0, vectors.Leaves[0].Shape[0]).Select(i => Apply(vectors.Unstack(i)))]);
    }

    /// <summary>The product with one flat vector [Size].</summary>
    public Tensor Apply(Tensor vector) => Apply(Space.FromVector(vector)).ToVector();

    /// <summary>The products with the rows of a matrix [count, Size].</summary>
    public Tensor ApplyRows(Tensor rows) => Space.ToRows(ApplyBlock(Space.FromRows(rows)));

    /// <summary>The matrix [Size, Size], for small spaces: as many products as it has rows.</summary>
    public Tensor ToMatrix()
    {
        var first = Space.Zero.Leaves[0];
        var type = Space.Zero.Leaves.Any(static x => x.DType == DType.Float64) ? DType.Float64 : first.DType;
        var unit = Tensor.Eye(Space.Size, type, first.Device);
        return Tensor.Concatenate(0, [.. Enumerable.Range(0, (Space.Size + BlockSize - 1) / BlockSize).Select(i =>
            ApplyRows(unit.Narrow(0, i * BlockSize, Math.Min(BlockSize, Space.Size - i * BlockSize))).Evaluate())]);
    }
}
