using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>
/// The vector space of trees with the shapes of a model's parameters: all of them, or those of the tensors that take part. A vector is a tree
/// of these tensors only; an operator on it is the principal block of the operator on all.
/// </summary>
/// <remarks>Sums accumulate in float64 whatever the tensors' type: in float32 Lanczos loses the outliers of a spectrum.</remarks>
public sealed class ParameterSpace
{
    /// <summary>The space of a tree's tensors whose names satisfy a condition.</summary>
    /// <param name="like">Parameters of the model; their values do not matter.</param>
    /// <param name="takesPart">Which tensors, by name; null: all.</param>
    /// <exception cref="ParameterException">None of them takes part.</exception>
    public ParameterSpace(Parameters like, Func<string, bool>? takesPart = null)
    {
        ArgumentNullException.ThrowIfNull(like);
        Zero = (takesPart is null ? like : like.Where(takesPart)).ZerosLike();
        if (Zero.Count == 0) throw new ParameterException($"ParameterSpace: none of {string.Join(", ", like.Names)} takes part");
    }

    /// <summary>The zero vector: names, shapes, types and device.</summary>
    public Parameters Zero { get; }

    /// <summary>The dimension.</summary>
    public int Size => checked((int)Zero.Size);

    /// <summary>The participating part of a whole tree.</summary>
    /// <exception cref="ParameterException">A tensor is missing or has another shape.</exception>
    public Parameters Restrict(Parameters tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        var part = tree.Where(Zero.Contains);
        Zero.CheckMatches(part, "ParameterSpace");
        return part;
    }

    /// <summary>⟨x, y⟩.</summary>
    public double Dot(Parameters x, Parameters y)
    {
        CheckBoth("Dot", x, y);
        return Product(x, y).Item();
    }

    /// <summary>√⟨x, x⟩.</summary>
    public double Norm(Parameters x) => Math.Sqrt(Dot(x, x));

    /// <summary>The cosine of the angle between two vectors; NaN if one is zero.</summary>
    public double Cosine(Parameters x, Parameters y) => Dot(x, y) / (Norm(x) * Norm(y));

    /// <summary>a·x + y.</summary>
    public Parameters Axpy(double a, Parameters x, Parameters y)
    {
        CheckBoth("Axpy", x, y);
        return x.Zip(y, (p, q) => a * p + q);
    }

    /// <summary>x / ‖x‖.</summary>
    /// <exception cref="NumericsException">x is zero or not finite.</exception>
    public Parameters Normalize(Parameters x)
    {
        var norm = Norm(x);
        return norm > 0 && double.IsFinite(norm) ? x * (1 / norm) : throw new NumericsException($"Normalize: a vector of norm {norm}");
    }

    /// <summary>Independent standard normal numbers. A tensor's depend on key and name alone: more layers leave them as they are.</summary>
    public Parameters Normal(RandomKey key) => Zero.Map((name, x) => Named(key, name).Normal(x.Shape, type: x.DType));

    /// <summary>Independent ±1 with equal probabilities, again by name.</summary>
    public Parameters Rademacher(RandomKey key) => Zero.Map((name, x) => Named(key, name).Bernoulli(x.Shape).To(x.DType) * 2 - 1);

    /// <summary>Independent draws of <see cref="Rademacher"/>, as one tree with a leading axis.</summary>
    public Parameters RademacherBlock(RandomKey key, int count) => Block(key, count, Rademacher);

    /// <summary>Independent draws of <see cref="Normal"/>, as one tree with a leading axis.</summary>
    public Parameters NormalBlock(RandomKey key, int count) => Block(key, count, Normal);

    /// <summary>A flat vector [Size] as a tree.</summary>
    public Parameters FromVector(Tensor vector) => Zero.FromVector(vector);

    /// <summary>Flat vectors [count, Size] as a tree with a leading axis.</summary>
    public Parameters FromRows(Tensor rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Rank != 2 || rows.Shape[1] != Size) throw new ShapeException($"FromRows: {rows.Shape} is not [count, {Size}]");
        var start = 0;
        return Zero.Map(x =>
        {
            var part = rows.Narrow(1, start, (int)x.Size).Reshape([rows.Shape[0], .. x.Shape]).To(x.DType);
            start += (int)x.Size;
            return part;
        });
    }

    /// <summary>The inverse of <see cref="FromRows"/>.</summary>
    public Tensor ToRows(Parameters block) =>
        Tensor.Concatenate(1, [.. block.Leaves.Select(static x => x.Reshape([x.Shape[0], (int)x.Shape[1..].Size]))]);

    internal static Tensor Product(Parameters x, Parameters y) => x.To(DType.Float64).Dot(y.To(DType.Float64));

    private static Parameters Block(RandomKey key, int count, Func<RandomKey, Parameters> draw) =>
        Parameters.Stack([.. key.Split(count).Select(draw)]);

    private static RandomKey Named(RandomKey key, string name) => key.Fold(NameHash.Of(name));

    private void CheckBoth(string operation, Parameters x, Parameters y)
    {
        Zero.CheckMatches(x, operation);
        Zero.CheckMatches(y, operation);
    }
}
