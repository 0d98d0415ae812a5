using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU.Runtime.Cuda;
using Noether.Kernels.Cuda;

namespace Noether.Kernels;

/// <summary>
/// Finds the driver where only <c>libcuda.so.1</c> is installed (containers, machines without the toolkit): ILGPU imports <c>cuda</c>,
/// for which .NET tries <c>libcuda.so</c> alone.
/// </summary>
internal static class CudaLibrary
{
    private const string Name = "cuda";
    private static readonly Lock Gate = new();
    private static bool Registered;

    /// <summary>Whether the driver's library can be loaded.</summary>
    public static bool IsThere => Resolve(Name, typeof(CudaLibrary).Assembly, null) != 0;

    /// <summary>Teaches ILGPU's assembly the other name; once a process.</summary>
    public static void Register()
    {
        lock (Gate)
        {
            if (Registered) return;
            Registered = true;
            NativeLibrary.SetDllImportResolver(typeof(CudaLibrary).Assembly, Resolve);
            try
            {
                NativeLibrary.SetDllImportResolver(typeof(CudaAccelerator).Assembly, Resolve);
            }
            catch (InvalidOperationException)
            {
                // ILGPU set its own (it does under WSL), and an assembly takes only one: its paths decide then.
            }
        }
    }

    /// <summary>Why CUDA offers no device, in words.</summary>
    public static string Diagnose()
    {
        Register();
        if (!NativeLibrary.TryLoad(Name, typeof(CudaLibrary).Assembly, null, out _) && Resolve(Name, typeof(CudaLibrary).Assembly, null) == 0)
            return "no CUDA driver: libcuda.so.1 was not found";
        try
        {
            var result = Driver.Initialize();
            if (result != CudaResult.Success) return $"the CUDA driver is there but does not start: {CudaResults.Describe(result)}";
            var version = Driver.Version();
            return version < Driver.LeastVersion
                ? $"the CUDA driver supports CUDA {Text(version)}; the kernels need {Text(Driver.LeastVersion)}: install a newer driver"
                : $"the CUDA driver, for CUDA {Text(version)}, starts but lists no device";
        }
        catch (Exception error) when (error is EntryPointNotFoundException or CudaDriverException)
        {
            return $"a libcuda was found that is not a driver's: {error.Message}";
        }

        static string Text(int version) => $"{version / 1000}.{version % 1000 / 10}";
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Name) return 0; // others take the ordinary way
        return NativeLibrary.TryLoad("libcuda.so.1", out var handle) || NativeLibrary.TryLoad("libcuda.so", out handle) || NativeLibrary.TryLoad("nvcuda.dll", out handle)
            ? handle
            : 0;
    }
}
