using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>Sums over the last axis and over the one before it; all contiguous.</summary>
    internal virtual void AxisSums(View x, View rows, View columns) =>
        throw new DeviceException($"AxisSums: {Name} has no kernel for it");

    /// <summary>y[b] = w x[b] + rows[b] + columns[b], the matrices x[b] and y[b] being [channels, rows · columns]; all contiguous.</summary>
    internal virtual void ChannelMix(View w, View x, View rows, View columns, View y) =>
        throw new DeviceException($"ChannelMix: {Name} has no kernel for it");

    /// <summary>The same, and a group that reads y.</summary>
    internal virtual void ChannelMix(View w, View x, View rows, View columns, View y, Epilogue epilogue)
    {
        ChannelMix(w, x, rows, columns, y);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    /// <summary>w = Σ_b g[b] x[b]ᵀ; all contiguous.</summary>
    internal virtual void ChannelOuter(View g, View x, View w) =>
        throw new DeviceException($"ChannelOuter: {Name} has no kernel for it");
}
