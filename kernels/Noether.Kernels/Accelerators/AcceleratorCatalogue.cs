using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace Noether.Kernels;

/// <summary>The accelerators of this machine, and how to start one.</summary>
/// <remarks>
/// Options are named one by one instead of ILGPU's defaults, which turn assertions on under a debugger: optimisation level 2 (only there does
/// ILGPU tell global memory from shared) and aggressive inlining. Arithmetic stays IEEE: no fast math.
/// </remarks>
public sealed class AcceleratorCatalogue : IDisposable
{
    // The loader's name on Linux, Windows, and macOS.
    private static readonly string[] OpenCLLibraries = ["libOpenCL.so.1", "OpenCL", "/System/Library/Frameworks/OpenCL.framework/OpenCL"];

    private readonly Context context;
    private readonly Device[] devices; // in the order of Entries

    private AcceleratorCatalogue(Context context)
    {
        this.context = context;
        var all = context.Devices.ToArray();
        devices = [.. all.Where(device => device is CudaDevice), .. all.Where(device => device is CLDevice)];
        var firstOpenCL = devices.Count(device => device is CudaDevice);
        Entries =
        [
            .. devices.Select((device, place) => device is CudaDevice
                ? new AcceleratorEntry(AcceleratorKind.Cuda, place, device.Name, device.MemorySize, IsProcessor: false)
                : new AcceleratorEntry(AcceleratorKind.OpenCL, place - firstOpenCL, device.Name, device.MemorySize, IsProcessor((CLDevice)device))),
        ];
    }

    /// <summary>What is present, CUDA first.</summary>
    public IReadOnlyList<AcceleratorEntry> Entries { get; }

    /// <summary>False if neither driver's library can be loaded: then there is nothing to look for.</summary>
    public static bool MayFindAny => CudaLibrary.IsThere || Array.Exists(OpenCLLibraries, static name => NativeLibrary.TryLoad(name, out _));

    /// <summary>Asks the drivers. Absent drivers leave an empty list and raise nothing.</summary>
    public static AcceleratorCatalogue Open()
    {
        CudaLibrary.Register();
        return new(Context.Create(builder => Options(builder).Cuda().OpenCL(_ => true)));
    }

    /// <summary>
    /// Starts ILGPU's simulator: a debugger that runs kernels on the CPU at some 0.01 GB/s, in groups of up to 256 threads.
    /// Disposing the accelerator leaves its context, which <see cref="Accelerator.Context"/> names.
    /// </summary>
    public static Accelerator CreateSimulator()
    {
        var context = Context.Create(builder => Options(builder).CPU(new CPUDevice(numThreadsPerWarp: 32, numWarpsPerMultiprocessor: 8, numMultiprocessors: 1)));
        return context.CreateCPUAccelerator(0);
    }

    /// <summary>The options under which every kernel here is compiled.</summary>
    public static Context.Builder Options(Context.Builder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Optimize(OptimizationLevel.O2).Inlining(InliningMode.Aggressive).Math(MathMode.Default);
    }

    /// <summary>Starts an accelerator; the caller disposes it before this catalogue.</summary>
    /// <exception cref="AcceleratorAbsentException">There is no such device, or its driver refuses it.</exception>
    public Accelerator Create(AcceleratorKind kind, int index = 0)
    {
        var place = Array.FindIndex([.. Entries], entry => entry.Kind == kind && entry.Index == index);
        if (place < 0) throw new AcceleratorAbsentException(Absent(kind, index));
        try
        {
            if (devices[place] is CLDevice openCL) AllowOneAddressSpace(openCL);
            return devices[place].CreateAccelerator(context);
        }
        catch (Exception error)
        {
            throw new AcceleratorAbsentException($"{Entries[place]} is present but did not start: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => context.Dispose();

    private static bool IsProcessor(CLDevice device) => device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);

    // ILGPU refuses devices that do not report generic pointers. PoCL's CPU driver has them (a CPU has one address space) but reports the feature
    // in a way that ILGPU 1.5.3 does not ask for, so the capability is set for CPUs; its setter is not public.
    private static void AllowOneAddressSpace(CLDevice device)
    {
        if (IsProcessor(device) && !device.Capabilities.GenericAddressSpace)
            typeof(CLCapabilityContext).GetProperty(nameof(CLCapabilityContext.GenericAddressSpace))?.SetValue(device.Capabilities, true);
    }

    private string Absent(AcceleratorKind kind, int index)
    {
        var present = Entries.Count == 0 ? "no accelerator is present" : $"present: {string.Join(", ", Entries)}";
        var reason = kind switch
        {
            _ when Entries.Any(entry => entry.Kind == kind) => "",
            AcceleratorKind.Cuda => $" ({CudaLibrary.Diagnose()})",
            _ when Array.Exists(OpenCLLibraries, static name => NativeLibrary.TryLoad(name, out _)) => " (the OpenCL loader is installed but lists no device: install a driver)",
            _ => " (no OpenCL loader, libOpenCL.so.1, was found)",
        };
        return $"{kind.ToString().ToLowerInvariant()}:{index} is not there{reason}; {present}";
    }
}
