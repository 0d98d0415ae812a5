namespace Noether.Models.SharpnessAware;

/// <summary>What is subtracted from features [samples, features] before their rank is counted.</summary>
public enum Centring
{
    /// <summary>Each feature's mean over samples: principal components.</summary>
    PerFeature,

    /// <summary>Each sample's mean over its features: what the published code for images and captions does.</summary>
    PerSample,

    /// <summary>Nothing: what the published code for two layers does.</summary>
    None,
}
