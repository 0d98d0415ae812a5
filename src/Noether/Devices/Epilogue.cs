using Noether.Graphs;

namespace Noether.Devices;

/// <summary>A group that reads a verb's result, to be run with it: on each part as soon as that is final, or on the whole afterwards.</summary>
/// <param name="Group">The group, of the result's shape.</param>
/// <param name="X">Its inputs, among them the verb's result.</param>
/// <param name="Y">Its outputs. They may overwrite inputs of equal layout, the verb's result among them, but no operand of the verb.</param>
/// <param name="Keeps">For each of the verb's results whether anybody else reads it; one that nobody does need not be written.</param>
internal sealed record Epilogue(ElementwiseGroup Group, View[] X, View[] Y, bool[] Keeps);
