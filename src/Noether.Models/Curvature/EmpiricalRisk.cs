using Noether.Nn;

namespace Noether.Models.Curvature;

/// <summary>The mean loss over a fixed data set as a function of parameters: <c>L(θ) = (1/N) Σ ℓ(f(θ, x), y)</c>.</summary>
/// <remarks>Batches count by their samples, so the result does not depend on the batch size.</remarks>
public sealed class EmpiricalRisk
{
    private readonly Func<RiskArguments, Tensor> value;
    private readonly Func<RiskArguments, Parameters> gradient;

    /// <summary>The risk of any function of parameters and batch.</summary>
    /// <param name="network">Outputs [samples, outputs] from parameters and a batch.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="data">Batches of inputs and targets, gone through anew for each evaluation, always in one order (such as <see cref="Dataset.Batches"/>).</param>
    public EmpiricalRisk(Func<Parameters, Batch, Tensor> network, OutputLoss loss, IEnumerable<Batch> data)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(data);
        (Network, Loss, Data) = (network, loss, data);
        value = Transform.Compile((RiskArguments at) => BatchMean(at.Point, at.Batch));
        gradient = Transform.Compile((RiskArguments at) => Transform.Grad<Parameters>(p => BatchMean(p, at.Batch))(at.Point));
    }

    /// <summary>f: outputs from parameters and a batch.</summary>
    public Func<Parameters, Batch, Tensor> Network { get; }

    /// <summary>ℓ.</summary>
    public OutputLoss Loss { get; }

    /// <summary>The batches.</summary>
    public IEnumerable<Batch> Data { get; }

    /// <summary>The risk of a module.</summary>
    /// <param name="module">A network from the batch's input to [samples, outputs].</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="data">Batches of inputs and targets.</param>
    /// <param name="state">Running statistics, where the module has some.</param>
    /// <param name="mode">What batch normalisation normalises by.</param>
    public static EmpiricalRisk Of(Module module, OutputLoss loss, IEnumerable<Batch> data, Parameters? state = null, NormalizationMode mode = NormalizationMode.Frozen)
    {
        ArgumentNullException.ThrowIfNull(module);
        return new((p, batch) => module.Apply(p, batch.Input, mode == NormalizationMode.Frozen ? Context.ForInference(state) : Context.ForTraining(state: state)), loss, data);
    }

    /// <summary>L(θ).</summary>
    public double Value(Parameters parameters)
    {
        double sum = 0;
        long samples = 0;
        foreach (var batch in Data)
        {
            sum += value(new(parameters, batch)).Item() * batch.Size;
            samples += batch.Size;
        }

        return samples > 0 ? sum / samples : throw NoData();
    }

    /// <summary>∇L(θ).</summary>
    public Parameters Gradient(Parameters parameters) => Mean(batch => gradient(new(parameters, batch)));

    /// <summary>The mean over batches of what is a mean over each batch's samples.</summary>
    /// <param name="ofBatch">A tree for a batch.</param>
    /// <param name="afterBatch">Called with the samples seen so far.</param>
    /// <param name="cancellation">Looked at before each batch.</param>
    internal Parameters Mean(Func<Batch, Parameters> ofBatch, Action<long>? afterBatch = null, CancellationToken cancellation = default)
    {
        Parameters? sum = null;
        long samples = 0;
        foreach (var batch in Data)
        {
            cancellation.ThrowIfCancellationRequested();
            var term = ofBatch(batch) * batch.Size;
            sum = sum is null ? term : sum + term;
            Tensor.Evaluate(sum);
            samples += batch.Size;
            afterBatch?.Invoke(samples);
        }

        return sum is null ? throw NoData() : sum * (1.0 / samples);
    }

    /// <summary>The loss of one batch, a mean over its samples.</summary>
    internal Tensor BatchMean(Parameters parameters, Batch batch) => Loss.Mean(Network(parameters, batch), batch.Target);

    private static ArgumentException NoData() => new("EmpiricalRisk: the data have no batch");
}
