using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

/// <summary>A program of elementwise operations in one pass over memory, compiled for one accelerator.</summary>
/// <remarks>
/// Algorithm: a thread for four elements; the forms in turn over registers.
/// Layout:    inputs contiguous, single, or by an index map; outputs contiguous. An output may be a contiguous input. Four elements of a contiguous operand
///            move at once if all of these are aligned to four elements; the last ones of the traversal, and all of a launch
///            with an operand that is not aligned, move one by one.
/// Limit:     bandwidth: each input read once, each output written once.
/// Reference: the forms over host lanes.
/// </remarks>
public sealed class ElementwiseKernel
{
    private readonly Accelerator accelerator;
    private readonly LaneOperands operands;
    private readonly int[] widths;
    private readonly Launcher launch;
    private readonly Lazy<Launcher> launchWide, launchMany;

    /// <summary>Emits and compiles the program: some milliseconds. <see cref="KernelCache"/> does it once for each <see cref="LaneProgram.Key"/>.</summary>
    public ElementwiseKernel(Accelerator accelerator, LaneProgram program)
    {
        this.accelerator = accelerator;
        operands = new(program);
        widths = [.. program.Inputs.Select(input => input.Type).Concat(program.Outputs.Select(program.TypeOf)).Select(ElementTypes.Bytes)];
        launch = Load(isNarrow: true);
        launchWide = new(() => Load(isNarrow: false));
        launchMany = new(() => Load(isNarrow: true, isMany: true));

        Launcher Load(bool isNarrow, bool isMany = false)
        {
            var (arguments, kernel, host) = ElementwiseEmitter.Emit(program, isNarrow, isMany);
            var name = $"{typeof(ElementwiseEmitter).Module.ModuleVersionId:N} {(isNarrow ? "narrow" : "wide")} {(isMany ? "many" : "one")} {program.Key}";
            var loaded = KernelLoading.Load(accelerator, kernel, Grids.Specialization(accelerator), name);
            var typed = typeof(Action<,,>).MakeGenericType(typeof(AcceleratorStream), typeof(KernelConfig), arguments);
            var create = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate), BindingFlags.Public | BindingFlags.Instance)!;
            return host.CreateDelegate<Launcher>(create.MakeGenericMethod(typed).Invoke(loaded, null));
        }
    }

    private delegate void Launcher(
        AcceleratorStream stream, KernelConfig grid, long count, ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps,
        ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers, int aligned, ElementwiseParts parts);

    /// <summary>How an input lies whose elements an index map finds.</summary>
    public static InputAccess AccessOf(in IndexMap map) =>
        map.HasRunsOfFour ? InputAccess.Runs : map.RepeatsFours ? InputAccess.Repeated : InputAccess.Strided;

    /// <summary>Enqueues the program over <paramref name="count"/> elements.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="count">Elements of the traversal.</param>
    /// <param name="inputs">The inputs' bytes, in the program's order, each aligned to its elements.</param>
    /// <param name="maps">An index map for each strided input, in the inputs' order.</param>
    /// <param name="outputs">The outputs' bytes, in the program's order.</param>
    /// <param name="numbers">The numbers' bits, in the low bits of a long each, in the program's order; see <see cref="Bits"/>.</param>
    /// <exception cref="ArgumentException">There are not as many views, maps or numbers as the program has, or an input of runs is not aligned.</exception>
    public void Launch(
        AcceleratorStream stream, long count,
        ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers = default)
    {
        operands.Check(inputs, maps, outputs, numbers);
        if (count == 0) return;
        var launcher = LaneOperands.AreNarrow(maps, count) ? launch : launchWide.Value;
        launcher(stream, Grids.Over(accelerator, (count + 3) / 4), count, inputs, maps, outputs, numbers, operands.AreAligned(inputs, outputs) ? 1 : 0, default);
    }

    /// <summary>The table of a launch of many runs: see <see cref="ElementwiseParts"/>.</summary>
    /// <param name="counts">The elements of each run, at least one.</param>
    /// <param name="places">For each run in turn, each operand's first byte in its memory, inputs before outputs; multiples of their elements.</param>
    /// <param name="table">Takes the table.</param>
    /// <param name="areAligned">True if four elements of each operand may move at once.</param>
    /// <exception cref="ArgumentException">The spans' lengths do not fit, or a run is empty.</exception>
    public void Tabulate(ReadOnlySpan<long> counts, ReadOnlySpan<long> places, Span<long> table, out bool areAligned)
    {
        var (columns, first) = (widths.Length, operands.InputAlignments.Length);
        if (places.Length != counts.Length * columns || table.Length != TableSize(counts.Length))
            throw new ArgumentException($"ElementwiseKernel: {counts.Length} runs of {columns} operands; got {places.Length} places and a table of {table.Length}");
        areAligned = true;
        long groups = 0;
        for (int part = 0, row = counts.Length + 1; part < counts.Length; part++, row += 1 + columns)
        {
            if (counts[part] <= 0) throw new ArgumentException($"ElementwiseKernel: run {part} has {counts[part]} elements");
            table[part] = groups;
            groups += Grids.Over(accelerator, (counts[part] + 3) / 4).GridDim.X;
            table[row] = counts[part];
            for (var i = 0; i < columns; i++)
            {
                var (place, isInput) = (places[part * columns + i], i < first);
                var alignment = isInput ? operands.InputAlignments[i] : operands.OutputAlignments[i - first];
                areAligned &= place % alignment == 0 || (isInput && operands.Inputs[i] != InputAccess.Contiguous);
                table[row + 1 + i] = place / widths[i];
            }
        }

        table[counts.Length] = groups;
    }

    /// <summary>The numbers in the table of so many runs.</summary>
    public int TableSize(int runs) => runs + 1 + runs * (1 + widths.Length);

    /// <summary>Enqueues many runs of the program as one launch.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="table">What <see cref="Tabulate"/> made, on the accelerator.</param>
    /// <param name="runs">How many.</param>
    /// <param name="groups">The table's entry with that index.</param>
    /// <param name="inputs">For each input the memory that it lies in, in all runs.</param>
    /// <param name="outputs">For each output the same.</param>
    /// <param name="numbers">As for <see cref="Launch"/>.</param>
    /// <param name="areAligned">As <see cref="Tabulate"/> has said.</param>
    public void LaunchMany(
        AcceleratorStream stream, ArrayView<long> table, int runs, long groups, ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<ArrayView<byte>> outputs,
        ReadOnlySpan<long> numbers, bool areAligned) =>
        launchMany.Value(
            stream, Grids.GroupEach(accelerator, groups), 0, inputs, [], outputs, numbers, areAligned ? 1 : 0, new() { Table = table, Count = runs });

    /// <summary>A number of a type as a launch takes it.</summary>
    public static long Bits(ElementType type, double value) => type switch
    {
        ElementType.Bool => value != 0 ? 1 : 0,
        ElementType.Int32 => (int)value,
        ElementType.Int64 => (long)value,
        ElementType.Float64 => BitConverter.DoubleToInt64Bits(value),
        _ => BitConverter.SingleToInt32Bits((float)value),
    };
}
