namespace Noether.Nn;

/// <summary>A step that was made.</summary>
/// <param name="State">After the step. Its memory is reused by the next one: read it now, or keep <see cref="TrainingState.Copy"/>.</param>
/// <param name="Step">Completed steps.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="Epoch">Completed epochs, with the part of the current one.</param>
/// <param name="Loss">Of the step's batch.</param>
public sealed record TrainingProgress(TrainingState State, long Step, long Steps, double Epoch, double Loss)
{
    /// <summary>True after the last step of an epoch.</summary>
    public bool EndsEpoch => Epoch == Math.Floor(Epoch);
}
