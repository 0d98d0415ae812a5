namespace Noether.Nn;

/// <summary>Rises linearly to the start of another schedule, which then counts from there.</summary>
/// <param name="Then">The schedule after warming up.</param>
/// <param name="Steps">Steps until its start is reached.</param>
/// <param name="From">The part of its start at step 0; the first step of a rise from 0 changes nothing.</param>
public sealed record WarmUpSchedule(Schedule Then, int Steps, double From = 0) : Schedule
{
    /// <inheritdoc/>
    public override Tensor At(Tensor step) => Then.At((step - Steps).Maximum(0)) * (From + (1 - From) * Progress(step, Steps));
}
