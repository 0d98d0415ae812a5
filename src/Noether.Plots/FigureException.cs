namespace Noether.Plots;

/// <summary>Data that a figure cannot show: lengths that differ, an empty matrix, an unknown file type. The message is one line.</summary>
/// <param name="message">What was asked, what was found, which rule broke.</param>
public sealed class FigureException(string message) : ArgumentException(message);
