namespace Noether.Nn;

/// <summary>Half a cosine wave from one number down to another, then stays there.</summary>
/// <param name="Start">At step 0.</param>
/// <param name="Steps">How long it takes.</param>
/// <param name="End">From step <paramref name="Steps"/> on.</param>
/// <remarks>Source: Loshchilov and Hutter, "SGDR" (2017), equation 5, without restarts.</remarks>
public sealed record CosineSchedule(double Start, int Steps, double End = 0) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => End + (Start - End) / 2 * (1 + (Progress(step, Steps) * Math.PI).Cos());
}
