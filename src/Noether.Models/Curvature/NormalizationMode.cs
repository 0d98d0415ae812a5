namespace Noether.Models.Curvature;

/// <summary>What batch normalisation normalises by while a loss is differentiated. The two give different, valid Hessians.</summary>
public enum NormalizationMode
{
    /// <summary>Running statistics, as constants: the network as it is evaluated.</summary>
    Frozen,

    /// <summary>Each batch's own mean and variance, which are differentiated too. The loss then depends on how data fall into batches.</summary>
    Batch,
}
