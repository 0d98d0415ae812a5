using System.Numerics;
using ILGPU.Runtime;
using Noether.Kernels.Elementwise;
using Noether.Kernels.MatMul;

namespace Noether.Kernels;

/// <summary>The kernels of one accelerator, each loaded at its first use and kept. Safe to share between threads.</summary>
public sealed class KernelCache(Accelerator accelerator)
{
    private readonly Lock gate = new(); // one compilation at a time: a context is not safe under several
    private readonly Dictionary<Type, object> kernels = [];
    private readonly Dictionary<string, ElementwiseKernel> programs = [];
    private readonly Dictionary<string, object> epilogues = [];

    /// <summary>The accelerator that runs them.</summary>
    public Accelerator Accelerator { get; } = accelerator;

    /// <summary>The launcher of a type, for instance <c>cache.Get(static accelerator => new MatMulKernel&lt;float&gt;(accelerator))</c>.</summary>
    public TKernel Get<TKernel>(Func<Accelerator, TKernel> create)
        where TKernel : class
    {
        lock (gate)
        {
            if (kernels.TryGetValue(typeof(TKernel), out var known)) return (TKernel)known;
            var kernel = create(Accelerator);
            kernels.Add(typeof(TKernel), kernel);
            return kernel;
        }
    }

    /// <summary>The kernel of a program; programs of equal keys share it.</summary>
    public ElementwiseKernel Get(LaneProgram program)
    {
        lock (gate)
        {
            if (programs.TryGetValue(program.Key, out var known)) return known;
            var kernel = new ElementwiseKernel(Accelerator, program);
            programs.Add(program.Key, kernel);
            return kernel;
        }
    }

    /// <summary>The epilogue of products that a program is; programs of equal keys share it.</summary>
    public ProductEpilogue<T> GetEpilogue<T>(LaneProgram program)
        where T : unmanaged, INumber<T>
    {
        lock (gate)
        {
            if (epilogues.TryGetValue(program.Key, out var known)) return (ProductEpilogue<T>)known;
            var epilogue = ProductEpilogue<T>.Create(program);
            epilogues.Add(program.Key, epilogue);
            return epilogue;
        }
    }
}
