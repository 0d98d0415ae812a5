using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;

namespace Noether.Kernels.Tests;

/// <summary>A kernel loaded into the machine. Its launcher gathers the arguments and runs it.</summary>
internal sealed class PtxKernel : Kernel
{
    private readonly PtxAccelerator accelerator;
    private readonly PtxMachine machine;

    public PtxKernel(PtxAccelerator accelerator, PTXCompiledKernel kernel)
        : base(accelerator, kernel, LauncherOf([.. EntryOf(kernel).Parameters.ParameterTypes]))
    {
        this.accelerator = accelerator;
        machine = PtxMachine.Load(kernel.PTXAssembly, accelerator.Memory);
    }

    /// <summary>Runs it.</summary>
    public void Run(KernelConfig config, object[] arguments)
    {
        var bytes = new PtxArguments();
        foreach (var argument in arguments) bytes.Value(argument);
        var (grid, group, shared) = config.ToValueTuple();
        machine.WatchesRaces = accelerator.WatchesRaces;
        machine.Launch((grid.X, grid.Y, grid.Z), (group.X, group.Y, group.Z), shared.ArraySize, bytes.ToArray());
    }

    protected override void DisposeAcceleratorObject(bool disposing)
    {
    }

    // The property is not public.
    private static EntryPoint EntryOf(CompiledKernel kernel) =>
        (EntryPoint)typeof(CompiledKernel).GetProperty("EntryPoint", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(kernel)!;

    // static void Launch(Kernel kernel, AcceleratorStream stream, KernelConfig config, arguments) => ((PtxKernel)kernel).Run(config, [arguments])
    private static DynamicMethod LauncherOf(Type[] arguments)
    {
        var method = new DynamicMethod("Launch", typeof(void), [typeof(Kernel), typeof(AcceleratorStream), typeof(KernelConfig), .. arguments], typeof(PtxKernel), skipVisibility: true);
        var il = method.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Castclass, typeof(PtxKernel));
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldc_I4, arguments.Length);
        il.Emit(OpCodes.Newarr, typeof(object));
        for (var i = 0; i < arguments.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldc_I4, i);
            il.Emit(OpCodes.Ldarg, (short)(i + 3));
            il.Emit(OpCodes.Box, arguments[i]);
            il.Emit(OpCodes.Stelem_Ref);
        }

        il.Emit(OpCodes.Callvirt, typeof(PtxKernel).GetMethod(nameof(Run), BindingFlags.Public | BindingFlags.Instance)!);
        il.Emit(OpCodes.Ret);
        return method;
    }
}
