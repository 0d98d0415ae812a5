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
    private readonly int inputs, maps, outputs;
    private readonly Launcher launch;

    /// <summary>Emits and compiles the program: some milliseconds. <see cref="KernelCache"/> does it once for each <see cref="LaneProgram.Key"/>.</summary>
    public ElementwiseKernel(Accelerator accelerator, LaneProgram program)
    {
        this.accelerator = accelerator;
        (inputs, outputs) = (program.Inputs.Count, program.Outputs.Count);
        maps = program.Inputs.Count(input => input.Access == InputAccess.Strided);
        var (arguments, kernel, host) = ElementwiseEmitter.Emit(program);
        var loaded = accelerator.LoadKernel(kernel, Grids.Specialization(accelerator));
        var typed = typeof(Action<,,>).MakeGenericType(typeof(AcceleratorStream), typeof(KernelConfig), arguments);
        var create = typeof(Kernel).GetMethod(nameof(Kernel.CreateLauncherDelegate), BindingFlags.Public | BindingFlags.Instance)!;
        launch = host.CreateDelegate<Launcher>(create.MakeGenericMethod(typed).Invoke(loaded, null));
    }

    private delegate void Launcher(
        AcceleratorStream stream, KernelConfig grid, long count,
        ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs);

    /// <summary>Enqueues the program over <paramref name="count"/> elements.</summary>
    /// <param name="stream">Where the work is queued.</param>
    /// <param name="count">Elements of the traversal.</param>
    /// <param name="inputs">The inputs' bytes, in the program's order, each aligned to its elements.</param>
    /// <param name="maps">An index map for each strided input, in the inputs' order.</param>
    /// <param name="outputs">The outputs' bytes, in the program's order.</param>
    /// <exception cref="ArgumentException">The numbers of views or maps are not the program's.</exception>
    public void Launch(
        AcceleratorStream stream, long count,
        ReadOnlySpan<ArrayView<byte>> inputs, ReadOnlySpan<IndexMap> maps, ReadOnlySpan<ArrayView<byte>> outputs)
    {
        if (inputs.Length != this.inputs || maps.Length != this.maps || outputs.Length != this.outputs)
        {
            throw new ArgumentException(
                $"ElementwiseKernel: takes {this.inputs} inputs, {this.maps} maps, {this.outputs} outputs; got {inputs.Length}, {maps.Length}, {outputs.Length}");
        }

        if (count == 0) return;
        launch(stream, Grids.Over(accelerator, count), count, inputs, maps, outputs);
    }
}
