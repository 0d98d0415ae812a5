using Noether.Nn;

namespace Noether.Models.WeightSpaces;

/// <summary>A matrix over channels with a bias: parameters <c>name.weight</c> [outputs, inputs] and <c>name.bias</c> [outputs].</summary>
internal readonly record struct LinearMap(string Name, int Outputs, int Inputs)
{
    /// <summary>Parameters of maps; those of one group add into one output, and share a bound that keeps its variance: 1/√(all their inputs).</summary>
    /// <param name="groups">Maps that add into one output, for each output.</param>
    /// <param name="key">Decides every number, and the device.</param>
    /// <param name="type">The parameters' type.</param>
    /// <param name="heNormal">Normal numbers of variance 2/inputs and biases of zero, instead of uniform ones within the bound.</param>
    public static Parameters Init(IReadOnlyList<LinearMap[]> groups, RandomKey key, DType type, bool heNormal = false)
    {
        var keys = key.Split(2 * groups.Sum(static group => group.Length));
        var at = 0;
        return new(groups.SelectMany(group =>
        {
            double inputs = group.Sum(static map => map.Inputs);
            var weight = heNormal ? Initializer.Normal(0, Math.Sqrt(2 / inputs)) : Initializer.Uniform(-1 / Math.Sqrt(inputs), 1 / Math.Sqrt(inputs));
            var bias = heNormal ? Initializer.Zeros : weight;
            return group.SelectMany(map => (KeyValuePair<string, Tensor>[])
            [
                new($"{map.Name}.weight", weight.Draw(keys[at++], [map.Outputs, map.Inputs], type)),
                new($"{map.Name}.bias", bias.Draw(keys[at++], [map.Outputs], type)),
            ]).ToArray();
        }));
    }

    /// <summary>A map's output for channels first: [batch, inputs, …] to [batch, outputs, …]; of vectors [batch, inputs] too.</summary>
    public static Tensor Apply(Parameters parameters, string name, Tensor x)
    {
        Tensor weight = parameters[$"{name}.weight"], bias = parameters[$"{name}.bias"];
        return x.Rank == 2 ? x.MatMul(weight.Transpose()) + bias : weight.MatMul(x) + bias.Unsqueeze(-1);
    }
}
