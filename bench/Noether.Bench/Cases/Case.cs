namespace Noether.Bench.Cases;

/// <summary>One thing that is measured: the engine's way of computing it, and the name under which a peer finds its own.</summary>
/// <param name="Group">matmul, elementwise, …</param>
/// <param name="Name">Unique in its group; says the sizes.</param>
/// <param name="Operation">The peer's key; empty if it has nothing like it.</param>
/// <param name="Operands">What both sides start from.</param>
/// <param name="Ours">From the operands, a repetition: a call that builds its results anew.</param>
internal sealed record Case(string Group, string Name, string Operation, Operand[] Operands, Func<Tensor[], Func<Tensor[]>> Ours)
{
    private const int Seed = 20240501;

    /// <summary>Floating-point operations of one repetition, as the textbook counts them; transcendental functions count as one.</summary>
    public double Flops { get; init; }

    /// <summary>Bytes that one repetition must move: each operand read once, each result written once.</summary>
    public double Bytes { get; init; }

    /// <summary>The element type of all operands but labels.</summary>
    public DType Type { get; init; } = DType.Float32;

    /// <summary>Numbers that the operation needs, such as strides.</summary>
    public int[] Options { get; init; } = [];

    /// <summary>The repetition whose values are compared: a training step shows its update in the next loss only.</summary>
    public int CheckedRepetition { get; init; } = 1;

    /// <summary>Whether a repetition may take seconds: it is then a sample by itself, and there are fewer of them where they take too long.</summary>
    public bool IsLong { get; init; }

    /// <summary>
    /// The largest difference allowed, in units of the largest value: sums in another order, over at most some thousand terms, differ by a few
    /// hundred roundings (2⁻²⁴ and 2⁻⁵³); results in bfloat16 by one of 2⁻⁸.
    /// </summary>
    public double Tolerance { get => field > 0 ? field : Type switch { DType.Float64 => 1e-13, DType.BFloat16 => 4e-3, _ => 5e-5 }; init; }

    /// <summary>Every case.</summary>
    public static IReadOnlyList<Case> All { get; } =
    [
        .. MatMulCases.All,
        .. ElementwiseCases.All,
        .. FunctionCases.All,
        .. ReductionCases.All,
        .. RowCases.All,
        .. ConvolutionCases.All,
        .. NetworkCases.All,
        .. ImageCases.All,
        .. CurvatureCases.All,
        .. EigenCases.All,
        .. SharpnessAwareCases.All,
        .. PopulationCases.All,
        .. BulkFittingCases.All,
        .. AttentionCases.All,
        .. PoolCases.All,
        .. FactorisationCases.All,
        .. SpectralCases.All,
        .. SortingCases.All,
        .. WeightSpaceCases.All,
    ];

    /// <summary>Group and name, as filters see it.</summary>
    public override string ToString() => $"{Group}: {Name}";

    /// <summary>The same numbers for each side, on each call.</summary>
    public Array[] Draw()
    {
        var random = new Random(Seed);
        return Array.ConvertAll(Operands, operand => operand.Classes > 0 ? (Array)operand.Labels(random) : operand.Values(random));
    }

    /// <summary>The engine's side.</summary>
    public Subject Engine() => new EngineSubject(this);
}
