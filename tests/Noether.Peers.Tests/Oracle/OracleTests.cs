using Noether.Peers.Tests.Operations;

namespace Noether.Peers.Tests.Oracle;

/// <summary>Every operation of the tables against TorchSharp: values and gradients, both floating types, random shapes and layouts.</summary>
/// <remarks>NOETHER_SEED=n draws other trials than the usual ones.</remarks>
[NonParallelizable]
public sealed class OracleTests
{
    private const int Trials = 10, FewestOperations = 100;

    private static readonly int Start = int.TryParse(Environment.GetEnvironmentVariable("NOETHER_SEED"), out var given) ? given : 0;

    private static IEnumerable<Operation> All() =>
    [
        .. ElementwiseOperations.All, .. ActivationOperations.All, .. ReductionOperations.All, .. ShapeOperations.All, .. IndexingOperations.All,
        .. ContractionOperations.All, .. ConvolutionOperations.All, .. SpectralOperations.All, .. LinearAlgebraOperations.All, .. ScanOperations.All, .. NetworkOperations.All,
    ];

    private static IEnumerable<TestCaseData> Cases() => All().Select(static operation => new TestCaseData(operation).SetArgDisplayNames(operation.Name));

    // Small tensors: the peer's threads would only wait for each other.
    [OneTimeSetUp]
    public void One_thread() => TorchSharp.torch.set_num_threads(1);

    [Test]
    public void At_least_a_hundred_operations_are_compared_and_each_once()
    {
        var names = All().Select(static operation => operation.Name).ToArray();
        Assert.That(names, Has.Length.AtLeast(FewestOperations));
        Assert.That(names, Is.Unique);
    }

    [TestCaseSource(nameof(Cases))]
    public void Operation_agrees_with_TorchSharp(object table)
    {
        var operation = (Operation)table;
        for (var trial = 0; trial < Trials; trial++)
        {
            var seed = Seed(operation.Name) + trial;
            foreach (var single in new[] { true, false })
            {
                var drawn = operation.Draw(new Draw(seed));
                var difference = Agreement.Difference(operation, drawn, single, new Random(seed));
                Assert.That(difference, Is.Null, $"{operation.Name}, seed {seed}, {(single ? "float32" : "float64")}, operands {string.Join(", ", drawn.Operands.Select(static o => o.ToString()))}");
            }
        }
    }

    // Not string.GetHashCode: that differs from run to run.
    private static int Seed(string name) => name.Aggregate(Start, static (hash, letter) => unchecked(hash * 31 + letter)) & 0xFFFFFF;
}
