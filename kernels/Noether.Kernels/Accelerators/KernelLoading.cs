using System.Globalization;
using System.Reflection;
using System.Text;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.IR.Types;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Noether.Kernels;

/// <summary>Compiles kernels for an accelerator, or takes what was compiled for it before from <see cref="KernelStore"/>.</summary>
/// <remarks>
/// Compilation goes from IL over ILGPU's representation to PTX or OpenCL's C, some 10 to 100 ms a kernel, and then to machine code by the driver, which
/// keeps that on disk itself. What is stored is the text between the two, for a kernel's launcher needs its text, its method and its shared memory only.
/// </remarks>
internal static partial class KernelLoading
{
    private static readonly string Versions =
        $"{typeof(Context).Assembly.GetName().Version} {typeof(Context).Module.ModuleVersionId:N}";

    /// <summary>Loads an explicitly grouped kernel.</summary>
    /// <param name="accelerator">Where it will run.</param>
    /// <param name="method">The kernel.</param>
    /// <param name="specialization">What its launches have in common.</param>
    /// <param name="name">Of an emitted method: what it was emitted from; null: the method's own name and the versions of what it is made of.</param>
    public static Kernel Load(Accelerator accelerator, MethodInfo method, KernelSpecialization specialization, string? name = null) =>
        Load(accelerator, method, specialization, name, KernelStore.Shared);

    internal static Kernel Load(Accelerator accelerator, MethodInfo method, KernelSpecialization specialization, string? name, KernelStore? store)
    {
        if (store is null || KeyOf(accelerator, method, specialization, name) is not { } key) return accelerator.LoadKernel(method, specialization);
        var entry = EntryPointDescription.FromExplicitlyGroupedKernel(method);
        if (store.Find(key) is { } known && Restore(accelerator, entry, specialization, known) is { } restored) return accelerator.LoadKernel(restored);
        var compiled = accelerator.GetBackend().Compile(entry, specialization);
        if (TextOf(compiled) is { } text && Hidden<EntryPoint>(compiled, "EntryPoint") is { SharedMemory: var shared })
            store.Keep(key, new(text, shared.StaticSize, shared.HasDynamicMemory));
        return accelerator.LoadKernel(compiled);
    }

    /// <summary>What the store knows a kernel by; null where nothing is stored.</summary>
    internal static string? KeyOf(Accelerator accelerator, MethodInfo method, KernelSpecialization specialization, string? name) =>
        Platform(accelerator) is { } platform
            ? $"{platform}\n{Versions}\n{name ?? Name(method)}\n{specialization.MaxNumThreadsPerGroup} {specialization.MinNumGroupsPerMultiprocessor}"
            : null;

    private static TDelegate Launcher<TDelegate>(Accelerator accelerator, Delegate kernel, KernelSpecialization specialization)
        where TDelegate : Delegate => Load(accelerator, kernel.Method, specialization).CreateLauncherDelegate<TDelegate>();

    // What the text depends on beside the kernel; null where nothing is stored.
    private static string? Platform(Accelerator accelerator) => accelerator switch
    {
        CudaAccelerator cuda => $"cuda {cuda.Architecture} {cuda.InstructionSet} driver {cuda.DriverVersion}",
        CLAccelerator openCL => $"opencl {openCL.PlatformName} {openCL.Name} {openCL.CVersion}",
        _ => null,
    };

    // The method with its type arguments, and the build of each assembly that one of these types is from.
    private static string Name(MethodInfo method)
    {
        var name = new StringBuilder();
        var modules = new SortedSet<string>(StringComparer.Ordinal);
        Add(method.DeclaringType!);
        name.Append(CultureInfo.InvariantCulture, $".{method.Name}");
        foreach (var argument in method.GetGenericArguments()) Add(argument);
        foreach (var parameter in method.GetParameters()) Add(parameter.ParameterType);
        return $"{name}\n{string.Join(' ', modules)}";

        void Add(Type type)
        {
            name.Append(' ').Append(type);
            Collect(type);
        }

        void Collect(Type type)
        {
            modules.Add((type.Assembly.IsDynamic ? typeof(KernelLoading) : type).Module.ModuleVersionId.ToString("N")); // an emitted type has its program's name
            foreach (var argument in type.GetGenericArguments()) Collect(argument);
        }
    }

    private static string? TextOf(CompiledKernel kernel) => kernel switch
    {
        PTXCompiledKernel ptx => ptx.PTXAssembly,
        CLCompiledKernel openCL => openCL.Source,
        _ => null,
    };

    // Null if ILGPU has no such constructor any more: then every kernel is compiled.
    private static CompiledKernel? Restore(Accelerator accelerator, in EntryPointDescription entry, in KernelSpecialization specialization, StoredKernel known)
    {
        var (context, shared) = (accelerator.Context, new SharedMemorySpecification(known.SharedBytes, known.HasDynamicShared));
        switch (accelerator)
        {
            case CudaAccelerator:
                return RestorePtx(context, new(entry, shared, specialization), known.Text);
            case CLAccelerator openCL:
                const int FieldsOfAView = 2; // as ILGPU's backend for OpenCL has it
                return Hidden<TypeInformationManager>(context, "TypeContext") is { } types
                    ? new CLCompiledKernel(context, new(entry, shared, specialization, types, FieldsOfAView), null, known.Text, openCL.Backend.CLStdVersion)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>A kernel of PTX from its text; null if ILGPU's constructor is not what it was.</summary>
    internal static CompiledKernel? RestorePtx(Context context, EntryPoint entry, string text)
    {
        var constructor = typeof(PTXCompiledKernel).GetConstructor(
            BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance, [typeof(Context), typeof(EntryPoint), typeof(CompiledKernel.KernelInfo), typeof(string)]);
        return (CompiledKernel?)constructor?.Invoke([context, entry, null, text]);
    }

    // What ILGPU has and does not show; null if it has it no more.
    private static T? Hidden<T>(object owner, string property)
        where T : class
    {
        for (var type = owner.GetType(); type is not null; type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
            if (type.GetProperty(property, Own)?.GetValue(owner) is T value) return value;
        }

        return null;
    }
}
