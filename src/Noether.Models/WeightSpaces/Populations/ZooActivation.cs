namespace Noether.Models.WeightSpaces;

/// <summary>What stands between the layers of a network of a zoo.</summary>
public enum ZooActivation
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>tanh x.</summary>
    Tanh,
}
