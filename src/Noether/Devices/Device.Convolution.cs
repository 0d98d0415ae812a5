using Noether.Devices;
using Noether.Primitives;

namespace Noether;

public abstract partial class Device
{
    /// <summary>The convolution of contiguous x by contiguous w: see <see cref="Convolution"/>.</summary>
    internal virtual void Convolve(Convolution convolution, View x, View w, View y) =>
        throw new DeviceException($"Convolve: {this} has no such verb");

    /// <summary>The same, and a group that reads y.</summary>
    internal virtual void Convolve(Convolution convolution, View x, View w, View y, Epilogue epilogue)
    {
        Convolve(convolution, x, w, y);
        Map(epilogue.Group, epilogue.X, epilogue.Y);
    }

    /// <summary>The largest of each window of contiguous x and its position: see <see cref="Primitives.WindowMax"/>.</summary>
    internal virtual void WindowMax(WindowMax windows, View x, View values, View positions) =>
        throw new DeviceException($"WindowMax: {this} has no such verb");

    /// <summary>The gradient of the windows' elements from contiguous cotangents and positions: see <see cref="Primitives.WindowMaxGradient"/>.</summary>
    internal virtual void WindowMaxGradient(WindowMaxGradient gradient, View cotangents, View positions, View dx) =>
        throw new DeviceException($"WindowMaxGradient: {this} has no such verb");
}
