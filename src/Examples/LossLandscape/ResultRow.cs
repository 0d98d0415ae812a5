namespace Noether.Examples.LossLandscape;

/// <summary>Numbers of one thing.</summary>
/// <param name="Name">Of the thing: a network, a set of images.</param>
/// <param name="Numbers">By name.</param>
internal sealed record ResultRow(string Name, IReadOnlyDictionary<string, double> Numbers);
