namespace Noether.Nn;

/// <content>Trees as vectors: elementwise maps, sums, products and norms.</content>
public sealed partial class Parameters
{
    /// <summary>Applies a function to every tensor.</summary>
    public Parameters Map(Func<Tensor, Tensor> f) => new(this, Array.ConvertAll(tensors, x => f(x)));

    /// <summary>Applies a function to every name and tensor.</summary>
    public Parameters Map(Func<string, Tensor, Tensor> f) => new(this, [.. tensors.Select((x, i) => f(names[i], x))]);

    /// <summary>Joins tensors of equal names.</summary>
    /// <exception cref="ParameterException">The names differ; the message names the first that is missing or too many.</exception>
    public Parameters Zip(Parameters other, Func<Tensor, Tensor, Tensor> f)
    {
        CheckNames(other, "Zip");
        return new(this, [.. tensors.Select((x, i) => f(x, other.tensors[i]))]);
    }

    /// <inheritdoc cref="Zip(Parameters, Func{Tensor, Tensor, Tensor})"/>
    public Parameters Zip(Parameters second, Parameters third, Func<Tensor, Tensor, Tensor, Tensor> f)
    {
        CheckNames(second, "Zip");
        CheckNames(third, "Zip");
        return new(this, [.. tensors.Select((x, i) => f(x, second.tensors[i], third.tensors[i]))]);
    }

    /// <summary>Zeros of the same names, shapes and types.</summary>
    public Parameters ZerosLike() => Map(static x => x.ZerosLike());

    /// <summary>The same tree in another element type.</summary>
    public Parameters To(DType type) => Map(x => x.To(type));

    /// <summary>All elements as one vector [Size], tensor after tensor; types are promoted.</summary>
    /// <exception cref="ParameterException">There are no tensors.</exception>
    public Tensor ToVector() =>
        Count > 0 ? Tensor.Concatenate(0, Array.ConvertAll(tensors, static x => x.Flatten())) : throw new ParameterException("ToVector: there are no tensors");

    /// <summary>The same structure, shapes and types with the elements of a vector [Size]: the inverse of <see cref="ToVector"/>.</summary>
    /// <exception cref="ShapeException">The vector has another size.</exception>
    public Parameters FromVector(Tensor vector)
    {
        if (vector.Rank != 1 || vector.Size != Size) throw new ShapeException($"FromVector: {vector.Shape} is not [{Size}], the size of the parameters");
        var parts = new Tensor[Count];
        var start = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var size = (int)tensors[i].Size;
            parts[i] = vector.Narrow(0, start, size).Reshape(tensors[i].Shape).To(tensors[i].DType);
            start += size;
        }

        return new(this, parts);
    }

    /// <summary>The sum of the products of all elements of equal place.</summary>
    /// <inheritdoc cref="Zip(Parameters, Func{Tensor, Tensor, Tensor})"/>
    public Tensor Dot(Parameters other) => Total(Zip(other, static (x, y) => (x * y).Sum()).tensors);

    /// <summary>The Euclidean norm over all elements of all tensors.</summary>
    public Tensor Norm() => Total(Map(static x => x.Square().Sum()).tensors).Sqrt();

    /// <summary>x + y, tensor by tensor.</summary>
    public static Parameters operator +(Parameters x, Parameters y) => x.Zip(y, static (a, b) => a + b);

    /// <summary>x - y, tensor by tensor.</summary>
    public static Parameters operator -(Parameters x, Parameters y) => x.Zip(y, static (a, b) => a - b);

    /// <summary>-x, tensor by tensor.</summary>
    public static Parameters operator -(Parameters x) => x.Map(static a => -a);

    /// <summary>Every element times a number.</summary>
    public static Parameters operator *(Parameters x, Scalar factor) => x.Map(a => a * factor);

    /// <inheritdoc cref="op_Multiply(Parameters, Scalar)"/>
    public static Parameters operator *(Scalar factor, Parameters x) => x * factor;

    /// <summary>Every element times a tensor without axes, which does not widen it.</summary>
    public static Parameters operator *(Parameters x, Tensor factor) => x.Map(a => a * factor.To(a.DType));

    /// <inheritdoc cref="op_Multiply(Parameters, Tensor)"/>
    public static Parameters operator *(Tensor factor, Parameters x) => x * factor;

    private static Tensor Total(Tensor[] terms) =>
        terms.Length == 0 ? Tensor.From(0.0) : terms.Aggregate(static (sum, term) => sum + term);
}
