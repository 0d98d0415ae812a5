using Noether.Models.Curvature;
using Noether.Nn;

namespace Noether.Models.Sharpening;

/// <summary>
/// Measures a network again and again along its training: the largest eigenvalues of the Hessian and of the Gauss-Newton matrix, by Lanczos from where the last
/// measurement ended, and the Jacobians of outputs in inputs over a training and a test sample.
/// </summary>
/// <remarks>
/// MacDonald, Valmadre, Lucey (2023), section 4: what is compared. Everything is compiled at the first measurement. A probe follows one run; it keeps two
/// eigenvectors of each matrix, because near the edge of stability several eigenvalues meet.
/// </remarks>
public sealed class SharpnessProbe
{
    private const int JacobianBatch = 250; // [250, outputs, inputs] in float64 stays below 100 MB for images of 28 x 28

    // Beside the last eigenvectors: enough for Lanczos to find another that has overtaken them.
    private const double Noise = 0.1;

    private readonly Func<Parameters, Tensor, Tensor> network;
    private readonly OutputLoss loss;
    private readonly Batch train, test;
    private readonly double smoothing;
    private readonly Func<Tensor[], Tensor[]> jacobians;
    private readonly RandomKey key;
    private Parameters? like;
    private EmpiricalRisk? risk;
    private CurvatureOperator? hessian, gaussNewton;
    private Tensor? hessianStart, gaussNewtonStart;
    private int measured;

    /// <summary>A probe of one run.</summary>
    /// <param name="network">f: outputs [samples, outputs] from parameters and samples, each sample for itself.</param>
    /// <param name="loss">ℓ.</param>
    /// <param name="train">Inputs and targets: classes [samples] or numbers [samples, outputs].</param>
    /// <param name="test">The same, of samples that are not trained with.</param>
    /// <param name="smoothing">ε of the training's label smoothing.</param>
    public SharpnessProbe(Func<Parameters, Tensor, Tensor> network, OutputLoss loss, Batch train, Batch test, double smoothing = 0)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        (this.network, this.loss, this.train, this.test, this.smoothing) = (network, loss, train, test, smoothing);
        key = RandomKey.From(0, train.Input.Device);
        jacobians = Transform.Compile(Norms);
    }

    /// <summary>Lanczos stops when residuals are below this part of λ.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The most products with each matrix.</summary>
    public int MaxProducts { get; init; } = 40;

    /// <summary>The next measurement begins anew: it is of another run.</summary>
    public void Forget() => (hessianStart, gaussNewtonStart) = (null, null);

    /// <summary>Measures the network with these weights; of one that is not finite nothing.</summary>
    public SharpnessReading Measure(Parameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        like ??= parameters;
        like.CheckMatches(parameters, nameof(SharpnessProbe));
        risk ??= new(
            (p, batch) => network(p, batch.Input), loss,
            [new(train.Input, smoothing == 0 ? train.Target : Rows(network(parameters, train.Input)))]);
        var value = risk.Value(parameters);
        if (!double.IsFinite(value)) return new();

        hessian = hessian?.MovedTo(parameters) ?? new HessianOperator(risk, parameters);
        gaussNewton = gaussNewton?.MovedTo(parameters) ?? new GaussNewtonOperator(risk, parameters);
        Eigenpairs h, g;
        try
        {
            h = Top(hessian, ref hessianStart);
            g = Top(gaussNewton, ref gaussNewtonStart);
        }
        catch (NumericsException)
        {
            return new(); // second derivatives overflow before the loss does
        }

        measured++;

        var (trained, trainedSoftmax, outputs) = Jacobians(parameters, train.Input);
        var (tested, testedSoftmax, testOutputs) = Jacobians(parameters, test.Input);
        var wanted = Rows(outputs);
        return new()
        {
            Sharpness = h.Values[0],
            SecondEigenvalue = h.Values.Count > 1 ? h.Values[1] : double.NaN,
            GaussNewton = g.Values[0],
            Residual = Math.Max(h.Residuals[0], g.Residuals[0]),
            Products = h.Products + g.Products,
            Train = trained,
            Test = tested,
            TrainSoftmax = trainedSoftmax,
            TestSoftmax = testedSoftmax,
            LowerBound = InputJacobian.LowerBound(train.Input, wanted, outputs),
            SoftmaxLowerBound = InputJacobian.LowerBound(train.Input, wanted, outputs.Softmax(1)),
            Loss = value,
            TrainLoss = loss.Mean(outputs, train.Target).Item(),
            TestLoss = loss.Mean(testOutputs, test.Target).Item(),
            TrainAccuracy = Accuracy(outputs, train.Target),
            TestAccuracy = Accuracy(testOutputs, test.Target),
            WeightNorm = parameters.Norm().Item(),
            GradientNorm = risk.Gradient(parameters).Norm().Item(),
        };
    }

    // The targets of training as numbers.
    private Tensor Rows(Tensor outputs) =>
        LabelSmoothing.Targets(train.Target, outputs.Shape[1], Tensor.From(smoothing, DType.Float64, outputs.Device), outputs.DType).Evaluate();

    private Eigenpairs Top(CurvatureOperator matrix, ref Tensor? start)
    {
        var fresh = matrix.Space.Normal(key.Fold(measured)).ToVector();
        var from = start is null ? fresh : start + fresh * (Noise / Math.Sqrt(matrix.Space.Size));
        var found = Eigen.Extremal(matrix, Math.Min(2, matrix.Space.Size), tolerance: Tolerance, maxProducts: MaxProducts, start: matrix.Space.FromVector(from));
        start = matrix.Space.ToRows(found.Vectors).Sum(0).Evaluate();
        return found;
    }

    private (JacobianSummary Outputs, JacobianSummary Softmax, Tensor Values) Jacobians(Parameters parameters, Tensor x)
    {
        var samples = x.Shape[0];
        var parts = new List<Tensor[]>();
        for (var at = 0; at < samples; at += JacobianBatch)
            parts.Add(jacobians([.. parameters.Leaves, x.Narrow(0, at, Math.Min(JacobianBatch, samples - at))]));
        double[] All(int result) => [.. parts.SelectMany(part => part[result].ToArray<double>())];
        return (JacobianSummary.Of(All(0)), JacobianSummary.Of(All(1)), Tensor.Concatenate(0, [.. parts.Select(static part => part[2])]).Evaluate());
    }

    // ‖J‖ and ‖(diag p - p·pᵀ)·J‖ of each sample, by the eigenvalues of small Gram matrices, and the outputs.
    private Tensor[] Norms(Tensor[] a)
    {
        var (parameters, x) = (like!.WithLeaves(a[..^1]), a[^1]);
        var outputs = network(parameters, x);
        var jacobian = InputJacobian.Of(z => network(parameters, z), x);
        var rows = jacobian.Reshape([outputs.Shape[0], outputs.Shape[1], -1]).To(DType.Float64);
        var p = outputs.To(DType.Float64).Softmax(1).Unsqueeze(2);
        var weighted = p * rows;
        return [InputJacobian.SpectralNorms(rows), InputJacobian.SpectralNorms(weighted - p * weighted.Sum(1, keepAxis: true)), outputs];
    }

    private static double Accuracy(Tensor outputs, Tensor target) =>
        outputs.ArgMax(1).Equal(target.DType.IsInteger() ? target : target.ArgMax(1)).To(DType.Float64).Mean().Item();
}
