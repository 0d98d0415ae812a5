using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using Noether.Kernels.Copies;

namespace Noether.Kernels.Elementwise;

/// <summary>A program of elementwise operations in one pass over memory, compiled for one accelerator.</summary>
/// <remarks>
/// Algorithm: a thread an element; the forms in turn over registers.
/// Layout:    inputs contiguous, single, or by an index map; outputs contiguous. An output may be a contiguous input.
/// Limit:     bandwidth: each input read once, each output written once.
/// Reference: the forms over host lanes.
/// </remarks>
public sealed class ElementwiseKernel
{
    private readonly Accelerator accelerator;
    private readonly int inputs, maps, outputs, numbers;
    private readonly Launcher launch;

    /// <summary>Emits and compiles the program: some milliseconds. <see cref="KernelCache"/> does it once for each <see cref="LaneProgram.Key"/>.</summary>
    public ElementwiseKernel(Accelerator accelerator, LaneProgram program)
    {
        this.accelerator = accelerator;
        (inputs, outputs, numbers) = (program.Inputs.Count, program.Outputs.Count, program.Numbers);
        maps = program.Inputs.Count(input => input.Access == InputAccess.Strided);
        var (arguments, kernel, host) = ElementwiseEmitter.Emit(program);
        var loaded = accelerator.LoadKernel(kernel, Grids.Specialization(accelerator));
        var typed = typeof(Action<,,>).MakeGenericType(typeof(AcceleratorStream), typeof(KernelConfig), arguments);
        var create = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate), BindingFlags.Public | BindingFlags.Instance)!;
        launch = host.CreateDelegate<Launcher>(create.MakeGenericMethod(typed).Invoke(loaded, null));
    }

    private delegate void Launcher(
        AcceleratorStream stream, KernelConfig grid, long count,
        ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers);

    /// <summary>Enqueues the program over <paramref name="count"/> elements.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="count">Elements of the traversal.</param>
    /// <param name="inputs">The inputs' bytes, in the program's order, each aligned to its elements.</param>
    /// <param name="maps">An index map for each strided input, in the inputs' order.</param>
    /// <param name="outputs">The outputs' bytes, in the program's order.</param>
    /// <param name="numbers">The numbers' bits, in the low bits of a long each, in the program's order; see <see cref="Bits"/>.</param>
    /// <exception cref="ArgumentException">There are not as many views, maps or numbers as the program has.</exception>
    public void Launch(
        AcceleratorStream stream, long count,
        ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs, ReadOnlySpan<long> numbers = default)
    {
        if (inputs.Length != this.inputs || maps.Length != this.maps || outputs.Length != this.outputs || numbers.Length != this.numbers)
        {
            throw new ArgumentException(
                $"ElementwiseKernel: takes {this.inputs} inputs, {this.maps} maps, {this.outputs} outputs, {this.numbers} numbers; " +
                $"got {inputs.Length}, {maps.Length}, {outputs.Length}, {numbers.Length}");
        }

        if (count == 0) return;
        launch(stream, Grids.Over(accelerator, count), count, inputs, maps, outputs, numbers);
    }

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
