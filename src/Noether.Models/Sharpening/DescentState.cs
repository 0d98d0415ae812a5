using Noether.Nn;

namespace Noether.Models.Sharpening;

/// <summary>Where <see cref="DescentRuns"/> stand; the runs lie along axis 0 of every tensor.</summary>
/// <param name="Networks">θ of every run.</param>
/// <param name="Velocities">v of every run; empty if none has momentum.</param>
/// <param name="Keys">The words of each run's key, which decides its batches.</param>
/// <param name="Step">Completed steps.</param>
public sealed record DescentState(Parameters Networks, Parameters Velocities, Tensor Keys, int Step)
{
    private const string NetworksPart = "networks", VelocitiesPart = "velocities", KeysName = "keys";

    /// <summary>θ of one run.</summary>
    /// <remarks>In memory of its own: it outlives the next step.</remarks>
    public Parameters Network(int run) => Networks.Unstack(run).Map(static w => w.ToHostArray().ToTensor(w.Device));

    /// <summary>Everything but the step as one tree, for a file.</summary>
    public Parameters ToParameters() =>
        Parameters.Nest((NetworksPart, Networks), (VelocitiesPart, Velocities)).Merge(Parameters.Of((KeysName, Keys)));

    /// <summary>The inverse of <see cref="ToParameters"/>.</summary>
    /// <param name="tree">From a file.</param>
    /// <param name="step">Completed steps.</param>
    public static DescentState From(Parameters tree, int step)
    {
        ArgumentNullException.ThrowIfNull(tree);
        return new(tree.Under(NetworksPart), tree.Under(VelocitiesPart), tree[KeysName], step);
    }
}
