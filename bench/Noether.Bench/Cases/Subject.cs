namespace Noether.Bench.Cases;

/// <summary>One side of a case, ready to run.</summary>
internal abstract class Subject : IDisposable
{
    /// <summary>One repetition, complete when the call returns.</summary>
    public abstract void Run();

    /// <summary>The results of the last repetition, one after the other.</summary>
    public abstract double[] Values();

    /// <inheritdoc/>
    public abstract void Dispose();
}
