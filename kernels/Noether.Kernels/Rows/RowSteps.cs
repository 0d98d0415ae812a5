using Noether.Kernels.Lanes;

namespace Noether.Kernels.Rows;

/// <summary>x.</summary>
internal readonly struct Itself<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => x;
}

/// <summary>x - p.</summary>
internal readonly struct Distance<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => x - p;
}

/// <summary>(x - p)².</summary>
internal readonly struct SquaredDistance<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => (x - p) * (x - p);
}

/// <summary>x·z.</summary>
internal readonly struct Times<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => x * z;
}

/// <summary>e^(x - p) for x ≤ p.</summary>
internal readonly struct PowerBelow<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => Elementary.ExpOfNonPositive(x - p);
}

/// <summary>q·e^(x - p) for x ≤ p.</summary>
internal readonly struct ScaledPowerBelow<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => Elementary.ExpOfNonPositive(x - p) * q;
}

/// <summary>(x - p) - q: both differences lose no more than their rounding, where p is the largest and q a logarithm.</summary>
internal readonly struct LogOfShare<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => x - p - q;
}

/// <summary>x·(z - p).</summary>
internal readonly struct TimesDistance<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => x * (z - p);
}

/// <summary>z - p·eˣ.</summary>
internal readonly struct LessPower<V> : IRowStep<V>
    where V : unmanaged, IFloatLanes<V>
{
    /// <inheritdoc/>
    public static V Of(V x, V z, V p, V q) => z - Elementary.Exp(x) * p;
}
