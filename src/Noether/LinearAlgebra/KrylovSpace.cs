namespace Noether;

/// <summary>The growing orthonormal basis of <see cref="Lanczos"/>, and the operator projected on it.</summary>
internal sealed class KrylovSpace
{
    // A new vector this much shorter than the products before it is rounding: the space is closed under the operator.
    private const double Negligible = 64;

    private readonly Func<Tensor, Tensor> apply;
    private readonly double epsilon;
    private readonly List<double> diagonal = [], beside = [];
    private OrthonormalRows basis;
    private Tensor last; // its last row
    private double[] border = []; // couplings of the first vectors, kept at a restart, with the first after them
    private Tensor rest; // what the basis left of the last product
    private double scale; // a lower bound of the operator's norm
    private int draws;

    public KrylovSpace(Func<Tensor, Tensor> apply, Tensor start)
    {
        this.apply = apply;
        epsilon = (start.DType == DType.Float64 ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1)
            * Math.Max(Negligible, Math.Sqrt(start.Size));
        last = rest = Normalized(start, Norm(start));
        basis = new(last.Unsqueeze(0));
    }

    /// <summary>How many vectors the basis has.</summary>
    public int Count => basis.Count;

    /// <summary>Whether the operator maps the space to itself, up to rounding.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Applies the operator to the last vector.</summary>
    public void Multiply()
    {
        var product = apply(last);
        if (!product.Shape.Equals(last.Shape)) throw new ShapeException($"Lanczos: the operator makes {product.Shape} of {last.Shape}");
        product = product.To(last.DType).Evaluate();
        var along = (last.To(DType.Float64) * product.To(DType.Float64)).Sum().Item();
        rest = basis.Remainder(product);
        var length = Norm(rest);
        var before = beside.Count > 0 ? beside[^1] : 0;
        diagonal.Add(along);
        beside.Add(length);
        scale = Math.Max(scale, Math.Abs(along) + before + length);
        IsClosed = length <= epsilon * scale;
    }

    /// <summary>Adds what the basis left of the last product; a random vector in its complement if nothing was left.</summary>
    public void Extend()
    {
        if (IsClosed)
        {
            // Repeated eigenvalues lie outside of the space of one start.
            beside[^1] = 0;
            rest = basis.Remainder(RandomKey.From(++draws, last.Device).Normal(last.Shape, type: last.DType));
        }

        last = Normalized(rest, IsClosed ? Norm(rest) : beside[^1]);
        basis.Add(last);
    }

    /// <summary>Keeps some Ritz vectors only. The next vector to come is coupled with each of them.</summary>
    public void Restart(RitzPairs ritz, int[] kept)
    {
        basis = new(Combine(ritz, kept));
        border = Array.ConvertAll(kept, i => IsClosed ? 0 : ritz.Residuals[i]);
        var length = beside[^1];
        diagonal.Clear();
        beside.Clear();
        foreach (var i in kept)
        {
            diagonal.Add(ritz.Values[i]);
            beside.Add(0);
        }

        beside[^1] = length; // of the vector to come; Matrix has the border there
    }

    /// <summary>The eigenpairs of the projection, ascending.</summary>
    public RitzPairs Ritz()
    {
        var n = Count;
        var (values, vectors) = Solve(Matrix(), n);
        var residuals = new double[n];
        for (var i = 0; i < n; i++) residuals[i] = beside[^1] * vectors[(n - 1) * n + i];
        return new(values, vectors, residuals);
    }

    /// <summary>Ritz vectors as rows [positions, size].</summary>
    public Tensor Combine(RitzPairs ritz, int[] positions)
    {
        var n = Count;
        var weights = new double[positions.Length * n];
        for (var i = 0; i < positions.Length; i++)
        {
            for (var j = 0; j < n; j++) weights[i * n + j] = ritz.Vectors[j * n + positions[i]];
        }

        return basis.Combine(Tensor.From(weights, [positions.Length, n], last.Device).To(last.DType));
    }

    /// <summary>The tridiagonal projection of a space that never restarted.</summary>
    public LanczosProjection Projection() => new([.. diagonal], [.. beside], basis.Joined(), IsClosed);

    /// <summary>Eigenvalues ascending, and eigenvectors in columns, of a symmetric matrix [n, n].</summary>
    public static (double[] Values, double[] Vectors) Solve(double[] matrix, int n)
    {
        var (values, vectors) = LinearAlgebra.SymmetricEigen(Tensor.From(matrix, [n, n], Device.Host));
        Tensor.Evaluate(values, vectors);
        return (values.ToArray<double>(), vectors.ToArray<double>());
    }

    // Tridiagonal but for the arrow of kept Ritz vectors: diagonal among themselves, coupled with the vector after them.
    private double[] Matrix()
    {
        var n = Count;
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            matrix[i * n + i] = diagonal[i];
            if (i > border.Length) matrix[i * n + i - 1] = matrix[(i - 1) * n + i] = beside[i - 1];
        }

        for (var i = 0; i < border.Length; i++) matrix[i * n + border.Length] = matrix[border.Length * n + i] = border[i];
        return matrix;
    }

    private static double Norm(Tensor x)
    {
        var norm = x.To(DType.Float64).Square().Sum().Sqrt().Item();
        return double.IsFinite(norm) ? norm : throw new NumericsException("Lanczos: the operator's product is not finite");
    }

    private static Tensor Normalized(Tensor x, double length) =>
        length > 0 ? (x / length).Evaluate() : throw new NumericsException("Lanczos: starts from zero");

    /// <summary>Eigenpairs of the projection: values ascending, vectors [n, n] in columns, and the last components times what lies outside.</summary>
    internal sealed record RitzPairs(double[] Values, double[] Vectors, double[] Residuals);
}
