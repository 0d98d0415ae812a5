using Noether.Devices;

namespace Noether.Primitives;

/// <summary>A placeholder without a value: what <c>Vmap</c> and <c>Compile</c> call the user's function with.</summary>
/// <param name="Type">Shape and element type.</param>
/// <param name="Transform">The transform's name, for the message.</param>
internal sealed record Symbol(TensorType Type, string Transform) : Primitive
{
    internal override TensorType[] Infer(Tensor[] x) => [Type];

    internal override Tensor?[] Jvp(Tensor[] x, Tensor[] y, Tensor?[] dx) => [null];

    internal override Tensor[] Batch(Tensor[] x, bool[] batched, int size) => throw Unbound();

    internal override void Evaluate(Device device, View[] x, View[] y) => throw Unbound();

    internal TransformException Unbound() => new(
        $"{Transform}: the value of an argument {Type} is not known while the function is traced (Item, ToArray, Evaluate …), and a traced tensor has no " +
        "value after the call either; return what you need, or use Tensor.Select");

    // Two symbols are never the same argument.
    public bool Equals(Symbol? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
