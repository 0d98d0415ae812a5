namespace Noether.Models.WeightSpaces;

/// <summary>Which rule trains a network of a zoo.</summary>
public enum ZooOptimizer
{
    /// <summary>Gradient descent with momentum 0.9.</summary>
    Sgd,

    /// <summary>Adam.</summary>
    Adam,

    /// <summary>RMSProp.</summary>
    RmsProp,
}
