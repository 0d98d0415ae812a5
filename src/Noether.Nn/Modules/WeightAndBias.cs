namespace Noether.Nn;

/// <summary>The pair of parameters that most layers have.</summary>
internal static class WeightAndBias
{
    /// <summary><c>weight</c> of a shape and, unless its initialiser is null, <c>bias</c> of a size.</summary>
    public static Parameters Init(RandomKey key, DType type, Initializer weight, Shape shape, Initializer? bias, int size)
    {
        if (bias is null) return Parameters.Of(("weight", weight.Draw(key, shape, type)));
        var (first, second) = key.Split();
        return Parameters.Of(("weight", weight.Draw(first, shape, type)), ("bias", bias.Draw(second, [size], type)));
    }
}
