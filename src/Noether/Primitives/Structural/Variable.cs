namespace Noether.Primitives;

/// <summary>
/// An argument of a function under differentiation: an alias that belongs to one call of one transform, so that nested calls never
/// confuse their perturbations. While the function runs its value cannot be read.
/// </summary>
/// <param name="Scope">The call it belongs to.</param>
internal sealed record Variable(TraceScope Scope) : AliasPrimitive
{
    internal override void Check() => Scope.CheckClosed();
}

/// <summary>One call of a transform: open while the user's function runs. Equal only to itself.</summary>
/// <param name="transform">The transform's name, for the message.</param>
internal sealed class TraceScope(string transform) : IDisposable
{
    private volatile bool closed;

    public bool IsOpen => !closed;

    public void Dispose() => closed = true;

    public void CheckClosed()
    {
        if (!closed)
        {
            throw new TransformException(
                $"{transform}: the function reads the value of an argument (Item, ToArray, Evaluate …) while it is being traced; " +
                "use Tensor.Select, StopGradient and a value from outside, or read the value after the call");
        }
    }
}
