namespace Noether.Models.LossLandscapes;

/// <summary>How a curve bends from θ_A to θ_B by one point θ_C between them.</summary>
public enum CurveForm
{
    /// <summary>Quadratic Bézier: <c>(1 - t)²·θ_A + 2t(1 - t)·θ_C + t²·θ_B</c>; it passes by θ_C.</summary>
    Bezier,

    /// <summary>Two segments through θ_C, which is at t = ½.</summary>
    Polygon,
}
