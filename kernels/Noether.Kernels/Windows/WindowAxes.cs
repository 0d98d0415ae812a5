namespace Noether.Kernels.Windows;

/// <summary>Windows over the last three axes; axes that are missing are <see cref="WindowAxis.One"/>.</summary>
public struct WindowAxes
{
    /// <summary>The first of the three.</summary>
    public WindowAxis Plane;

    /// <summary>The middle one.</summary>
    public WindowAxis Row;

    /// <summary>The last, along which neighbours lie.</summary>
    public WindowAxis Column;
}
