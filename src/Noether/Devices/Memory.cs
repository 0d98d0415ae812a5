namespace Noether;

/// <summary>What tensors occupy on a device, and how much they may.</summary>
public static class Memory
{
    /// <summary>Bytes in use on the device (default: <see cref="Device.Default"/>), garbage not yet collected included.</summary>
    public static long Live(Device? device = null) => (device ?? Device.Default).Pool.Live;

    /// <summary>The most bytes in use since the start or the last <see cref="ResetPeak"/>.</summary>
    public static long Peak(Device? device = null) => (device ?? Device.Default).Pool.Peak;

    /// <summary>Bytes that are free but kept for reuse.</summary>
    public static long Pooled(Device? device = null) => (device ?? Device.Default).Pool.Pooled;

    /// <summary>The most bytes in use and pooled together, before <see cref="MemoryException"/>.</summary>
    public static long Budget(Device? device = null) => (device ?? Device.Default).Pool.Budget;

    /// <summary>All of these at one moment, and how often the pool could serve.</summary>
    public static MemoryStatistics Statistics(Device? device = null)
    {
        device ??= Device.Default;
        return device.Pool.Statistics(device.Reserved);
    }

    /// <summary>Sets the budget in bytes. Default: 80 % of what the machine has, 90 % of what an accelerator has.</summary>
    public static void SetBudget(long bytes, Device? device = null) => (device ?? Device.Default).Pool.Budget = bytes;

    /// <summary>Starts a new peak measurement.</summary>
    public static void ResetPeak(Device? device = null) => (device ?? Device.Default).Pool.ResetPeak();

    /// <summary>Gives pooled blocks back to the system.</summary>
    public static void Trim(Device? device = null) => (device ?? Device.Default).Pool.Trim();
}
