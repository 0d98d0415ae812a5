namespace Noether.Kernels.Windows;

/// <summary>Where the windows of one axis lie.</summary>
public struct WindowAxis
{
    /// <summary>Elements of the axis.</summary>
    public int Elements;

    /// <summary>Windows along it.</summary>
    public int Windows;

    /// <summary>Elements of a window.</summary>
    public int Size;

    /// <summary>The distance of windows.</summary>
    public int Step;

    /// <summary>How far the first window starts before the first element.</summary>
    public int Low;

    /// <summary>The distance of neighbours inside a window.</summary>
    public int Dilation;

    /// <summary>One element under one window: an axis that is not there.</summary>
    public static WindowAxis One => new() { Elements = 1, Windows = 1, Size = 1, Step = 1, Dilation = 1 };

    /// <summary>The first element of a window that is not before the axis.</summary>
    internal readonly int From(int window)
    {
        var start = window * Step - Low;
        return start >= 0 ? start : start + (Dilation - 1 - start) / Dilation * Dilation;
    }

    /// <summary>The end of a window, or of the axis if it comes first.</summary>
    internal readonly int Below(int window)
    {
        var end = window * Step - Low + (Size - 1) * Dilation + 1;
        return end < Elements ? end : Elements;
    }

    /// <summary>The first window that spans an element.</summary>
    internal readonly int FirstOver(int element)
    {
        var before = element + Low - (Size - 1) * Dilation; // no window that starts earlier reaches the element
        return before <= 0 ? 0 : (before + Step - 1) / Step;
    }

    /// <summary>The last window that spans an element; before the first if none does.</summary>
    internal readonly int LastOver(int element)
    {
        if (element + Low < 0) return -1;
        var last = (element + Low) / Step;
        return last < Windows ? last : Windows - 1;
    }
}
