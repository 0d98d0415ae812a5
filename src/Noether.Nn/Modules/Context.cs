namespace Noether.Nn;

/// <summary>
/// What one call of a module needs beside parameters and input: whether it trains, a random key, and the state (running statistics) that goes in
/// and comes out. Made for each call; modules hand it down with <see cref="Under"/>.
/// </summary>
/// <remarks>
/// Keys and state belong to names, not to the order of calls. The context only collects: <see cref="State"/> is the new state, as tensors that
/// transforms see like any other result.
/// </remarks>
public sealed class Context
{
    private readonly Shared shared;
    private readonly string path; // "" at the root, else it ends with a dot

    private Context(Shared shared, string path)
    {
        this.shared = shared;
        this.path = path;
    }

    /// <summary>True while training: dropout drops, batch normalisation uses and collects the batch's statistics.</summary>
    public bool IsTraining => shared.IsTraining;

    /// <summary>The whole state, with what was updated during the call.</summary>
    public Parameters State => shared.State;

    /// <summary>The random key of this place in the model.</summary>
    /// <exception cref="ParameterException">The call was given none.</exception>
    public RandomKey Key => shared.Key is { } key
        ? key.Fold(Hash(path))
        : throw new ParameterException($"Context: '{path.TrimEnd('.')}' draws random numbers, but the call has no key; train with Context.ForTraining(key, state)");

    /// <summary>A value of the state.</summary>
    /// <exception cref="ParameterException">The call was given no such state.</exception>
    public Tensor this[string name] => shared.State.TryGet(path + name, out var value)
        ? value
        : throw new ParameterException($"Context: no '{path}{name}' in the state; pass the module's InitState() or what the last training call returned");

    /// <summary>The context of a call that does not train.</summary>
    /// <param name="state">Running statistics, where the model has some.</param>
    /// <param name="observer">Told the path and the output of every named part, in the order in which they end.</param>
    public static Context ForInference(Parameters? state = null, Action<string, Tensor>? observer = null) =>
        new(new(false, null, state ?? Parameters.Empty, observer), "");

    /// <summary>The context of a call that trains.</summary>
    /// <param name="key">A fresh key each step, where the model draws random numbers.</param>
    /// <param name="state">Running statistics, where the model has some.</param>
    public static Context ForTraining(RandomKey? key = null, Parameters? state = null) => new(new(true, key, state ?? Parameters.Empty, null), "");

    /// <summary>The part of a named submodule.</summary>
    public Context Under(string name) => new(shared, $"{path}{name}.");

    /// <summary>Replaces a value of the state. No gradient flows through it.</summary>
    public void Update(string name, Tensor value) => shared.State = shared.State.With(path + name, value.StopGradient());

    /// <summary>Tells the observer, if there is one, what this place in the model gave. <see cref="CompositeModule"/> does it for its parts.</summary>
    public void Observe(Tensor output) => shared.Observer?.Invoke(path.TrimEnd('.'), output);

    // FNV-1a: string.GetHashCode differs from run to run.
    private static int Hash(string text)
    {
        var hash = 2166136261;
        foreach (var c in text) hash = (hash ^ c) * 16777619;
        return (int)hash;
    }

    private sealed class Shared(bool isTraining, RandomKey? key, Parameters state, Action<string, Tensor>? observer)
    {
        public bool IsTraining { get; } = isTraining;

        public RandomKey? Key { get; } = key;

        public Action<string, Tensor>? Observer { get; } = observer;

        public Parameters State { get; set; } = state;
    }
}
