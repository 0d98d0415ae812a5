namespace Noether;

/// <summary>In which order a device adds the floating elements that meet at one place of a scatter (<see cref="Device.ScatterOrder"/>).</summary>
public enum ScatterOrder
{
    /// <summary>That of the index: equal bits on every run, and on every device. Accelerators sort the index first.</summary>
    Ordered,

    /// <summary>As they come, by atomic additions: no sort, and another order of summation on each run, so that the last bits of sums may differ.</summary>
    Atomic,
}
