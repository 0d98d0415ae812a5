using Noether.Nn;

namespace Noether.Models;

/// <summary>Parameters of a paper's reference code as ours. Names are the same; only forms differ.</summary>
public static class ReferenceParameters
{
    /// <summary>
    /// Takes each tensor that a module has from a reference's, whose kernels of 1x1 convolutions keep axes of size 1 at the end: those are dropped.
    /// </summary>
    /// <param name="like">What the module has: a fresh <c>Init</c>.</param>
    /// <param name="reference">The reference's tensors by name; others than the module's are an error.</param>
    /// <exception cref="ParameterException">A tensor is missing, too many, or of another shape; the message names it and both shapes.</exception>
    public static Parameters Load(Parameters like, Parameters reference)
    {
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(reference);
        if (reference.Names.FirstOrDefault(name => !like.Contains(name)) is { } extra)
            throw new ParameterException($"ReferenceParameters: the module has no '{extra}'");
        return new(like.Select(item =>
        {
            var tensor = reference[item.Key];
            var shape = tensor.Shape;
            while (shape.Rank > item.Value.Shape.Rank && shape[^1] == 1) shape = shape[..^1];
            if (!shape.Equals(item.Value.Shape))
                throw new ParameterException($"ReferenceParameters: '{item.Key}' is {tensor.Shape}, expected {item.Value.Shape}");
            return KeyValuePair.Create(item.Key, tensor.Reshape(shape));
        }));
    }
}
