using Noether.Kernels;

namespace Noether.Devices.Ilgpu;

/// <summary>The accelerators of this machine as devices, found once when somebody first asks.</summary>
internal static class Accelerators
{
    private static readonly Lazy<AcceleratorCatalogue> Catalogue = new(AcceleratorCatalogue.Open);
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(AcceleratorKind Kind, int Index), IlgpuDevice> Known = [];

    /// <summary>ILGPU's debugger, which runs kernels on the processor.</summary>
    public static Lazy<IlgpuDevice> Simulator { get; } = new(() => new("simulator", AcceleratorCatalogue.CreateSimulator));

    /// <summary>What is present; nothing, without a search, where no driver's library can be loaded or the search fails.</summary>
    public static IReadOnlyList<AcceleratorEntry> Present
    {
        get
        {
            try
            {
                return AcceleratorCatalogue.MayFindAny ? Catalogue.Value.Entries : [];
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return []; // a broken driver must not keep those from working who did not ask for it; Open tells them
            }
        }
    }

    /// <summary>The best accelerator that starts: a CUDA device, else an OpenCL device that is not the processor; else null.</summary>
    public static IlgpuDevice? Best
    {
        get
        {
            foreach (var entry in Present)
            {
                if (entry.IsProcessor) continue;
                try
                {
                    var device = Of(entry.Kind, entry.Index);
                    device.Start();
                    return device;
                }
                catch (AcceleratorAbsentException)
                {
                    // Present but not usable: the next one may be.
                }
            }

            return null;
        }
    }

    /// <summary>Starts a device; without an index, the first of its kind that is not the processor, or else the first.</summary>
    /// <exception cref="DeviceException">It is not there or does not start; the message says why and what is there.</exception>
    public static IlgpuDevice Open(AcceleratorKind kind, int? index)
    {
        try
        {
            var entries = Catalogue.Value.Entries.Where(entry => entry.Kind == kind);
            var device = Of(kind, index ?? entries.OrderBy(entry => entry.IsProcessor).FirstOrDefault()?.Index ?? 0);
            device.Start();
            return device;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new DeviceException($"Device: {error.Message}; host is always there", error);
        }
    }

    /// <summary>The one device of an accelerator; it starts when it is first used.</summary>
    public static IlgpuDevice Of(AcceleratorKind kind, int index)
    {
        lock (Gate)
        {
            if (Known.TryGetValue((kind, index), out var known)) return known;
            var device = new IlgpuDevice($"{kind.ToString().ToLowerInvariant()}:{index}", () => Catalogue.Value.Create(kind, index));
            // One that is not there must not be remembered under its number: Lazy would keep its error.
            return Catalogue.Value.Entries.Any(entry => entry.Kind == kind && entry.Index == index) ? Known[(kind, index)] = device : device;
        }
    }
}
