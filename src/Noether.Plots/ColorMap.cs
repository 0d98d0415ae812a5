namespace Noether.Plots;

/// <summary>Colours for a range of numbers. All of them keep their order for colour-blind readers.</summary>
public enum ColorMap
{
    /// <summary>Dark blue to yellow, evenly brighter: for quantities.</summary>
    Viridis,

    /// <summary>Blue over white to red, symmetric around zero: for signed quantities.</summary>
    Diverging,

    /// <summary>White to dark blue: for counts and shares that carry a label.</summary>
    Blues,

    /// <summary>Black to white.</summary>
    Gray,
}
