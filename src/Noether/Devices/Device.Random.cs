using Noether.Devices;

namespace Noether;

public abstract partial class Device
{
    /// <summary>y[k, i] = word i of the Philox stream of key k: keys are int32 [count, 2], y int32 [count, each].</summary>
    internal abstract void RandomBits(View keys, View y, long each);
}
