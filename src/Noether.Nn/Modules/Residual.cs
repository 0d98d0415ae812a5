namespace Noether.Nn;

/// <summary>x + f(x), or s(x) + f(x) with a shortcut s that fits the shapes.</summary>
/// <param name="Body">f; its parameters are named <c>body</c>.</param>
/// <param name="Shortcut">s; its parameters are named <c>shortcut</c>.</param>
public sealed record Residual(Module Body, Module? Shortcut = null) : CompositeModule
{
    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, Module Module)> Children =>
        Shortcut is null ? [("body", Body)] : [("body", Body), ("shortcut", Shortcut)];

    /// <inheritdoc/>
    public override Tensor Apply(Parameters parameters, Tensor x, Context context) =>
        (Shortcut is null ? x : Call("shortcut", Shortcut, parameters, x, context)) + Call("body", Body, parameters, x, context);
}
