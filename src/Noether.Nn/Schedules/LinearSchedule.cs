namespace Noether.Nn;

/// <summary>Goes straight from one number to another, and stays there.</summary>
/// <param name="Start">At step 0.</param>
/// <param name="End">From step <paramref name="Steps"/> on.</param>
/// <param name="Steps">How long it takes.</param>
public sealed record LinearSchedule(double Start, double End, int Steps) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => Start + (End - Start) * Progress(step, Steps);
}
