namespace Noether.Plots;

/// <summary>One thing on a figure's axes.</summary>
internal abstract record Layer
{
    /// <summary>True if the layer takes the next colour of the palette.</summary>
    public virtual bool IsSeries => false;

    /// <summary>True if the layer fills its rectangle, so that the axes must end where it does.</summary>
    public virtual bool IsField => false;

    /// <summary>Puts the layer on the axes.</summary>
    public abstract void Add(Axes axes, ScottPlot.Color color);
}
