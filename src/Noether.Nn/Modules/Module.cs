namespace Noether.Nn;

/// <summary>
/// A description of a layer or network. Its weights are data: <see cref="Init"/> makes them, <see cref="Apply(Parameters, Tensor)"/> is pure.
/// </summary>
/// <remarks>
/// A module says <see cref="Init"/> and <see cref="Apply(Parameters, Tensor, Context)"/>; one that keeps running statistics also
/// <see cref="InitState"/>, and reads and replaces them through the context. Names of parameters and state are PyTorch's.
/// </remarks>
public abstract record Module : IModule
{
    /// <summary>Fresh parameters.</summary>
    /// <param name="key">Decides every random number, and the device.</param>
    /// <param name="type">The parameters' type.</param>
    public abstract Parameters Init(RandomKey key, DType type = DType.Float32);

    /// <summary>The state before training; most modules have none.</summary>
    /// <param name="type">The type of running statistics.</param>
    /// <param name="device">Default: <see cref="Device.Default"/>.</param>
    public virtual Parameters InitState(DType type = DType.Float32, Device? device = null) => Parameters.Empty;

    /// <summary>The output for an input, with the mode, key and state of the context.</summary>
    public abstract Tensor Apply(Parameters parameters, Tensor x, Context context);

    /// <summary>The output of a trained module without state.</summary>
    /// <exception cref="ParameterException">The module needs its state.</exception>
    public Tensor Apply(Parameters parameters, Tensor x) => Apply(parameters, x, Context.ForInference());

    /// <summary>The output of a trained module.</summary>
    public Tensor Apply(Parameters parameters, Parameters state, Tensor x) => Apply(parameters, x, Context.ForInference(state));

    /// <summary>The output and the new state of a training call.</summary>
    public (Tensor Output, Parameters State) Train(Parameters parameters, Parameters state, Tensor x, RandomKey key)
    {
        var context = Context.ForTraining(key, state);
        return (Apply(parameters, x, context), context.State);
    }
}
