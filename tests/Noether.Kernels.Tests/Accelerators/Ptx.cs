using System.Reflection;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace Noether.Kernels.Tests;

/// <summary>PTX of a kernel, without a GPU.</summary>
public static class Ptx
{
    /// <summary>
    /// Compiles for Hopper and groups of so many threads, in a context of its own: a failed compilation can spoil the context for those that follow.
    /// </summary>
    public static string Of(MethodInfo kernel, int threads = 256)
    {
        using var context = Context.Create(builder => AcceleratorCatalogue.Options(builder));
        using var backend = new PTXBackend(context, CudaArchitecture.SM_90, CudaInstructionSet.ISA_80, null!);
        var compiled = (PTXCompiledKernel)backend.Compile(EntryPointDescription.FromExplicitlyGroupedKernel(kernel), new KernelSpecialization(threads, null));
        return compiled.PTXAssembly;
    }

    /// <summary>Writes the text into the folder that <c>NOETHER_PTX</c> names, if it does: <c>.ci/bundle</c> takes it along.</summary>
    public static void Keep(string ptx, string name)
    {
        if (Environment.GetEnvironmentVariable("NOETHER_PTX") is { Length: > 0 } folder)
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder).FullName, $"{name.Replace('/', '_')}.ptx"), ptx);
    }

    /// <summary>What no kernel of ours may contain: local memory, calls, and approximate arithmetic.</summary>
    public static IEnumerable<string> Offences(string ptx) => ptx
        .Split('\n')
        .Where(line => line.Contains(".local") || line.TrimStart().StartsWith("call", StringComparison.Ordinal) || line.Contains(".approx") || line.Contains(".ftz"));
}
