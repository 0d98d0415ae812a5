namespace Noether.Graphs;

/// <summary>A planner's note on a tensor: cheaper than a dictionary for graphs that are planned in every iteration of a loop.</summary>
internal struct PlanMark
{
    /// <summary>The planning that wrote the note; others ignore it.</summary>
    public long Pass;

    /// <summary>The tensor's value number; -1 if it has none yet.</summary>
    public int Number;

    /// <summary>How many of the claims on the tensor are by nodes that this planning walked over.</summary>
    public int Uses;

    /// <summary>True if a caller will bind a value to it.</summary>
    public bool IsBound;

    /// <summary>True if its value is among the results.</summary>
    public bool IsAsked;
}
