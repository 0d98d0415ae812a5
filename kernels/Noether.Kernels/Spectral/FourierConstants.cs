using System.Numerics;

namespace Noether.Kernels.Spectral;

/// <summary>The roots of unity that butterflies have in their formulas; float64 values rounded once. A kernel reads them as arguments.</summary>
/// <typeparam name="T">float or double.</typeparam>
public struct FourierConstants<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>1/2.</summary>
    public T Half;

    /// <summary>sin 2π/3.</summary>
    public T Sine3;

    /// <summary>cos 2π/5.</summary>
    public T Cosine5;

    /// <summary>sin 2π/5.</summary>
    public T Sine5;

    /// <summary>cos 4π/5.</summary>
    public T SecondCosine5;

    /// <summary>sin 4π/5.</summary>
    public T SecondSine5;

    /// <summary>cos 2π/7.</summary>
    public T Cosine7;

    /// <summary>sin 2π/7.</summary>
    public T Sine7;

    /// <summary>cos 4π/7.</summary>
    public T SecondCosine7;

    /// <summary>sin 4π/7.</summary>
    public T SecondSine7;

    /// <summary>cos 6π/7.</summary>
    public T ThirdCosine7;

    /// <summary>sin 6π/7.</summary>
    public T ThirdSine7;

    /// <summary>cos π/4.</summary>
    public T Cosine8;

    /// <summary>cos π/8.</summary>
    public T Cosine16;

    /// <summary>sin π/8.</summary>
    public T Sine16;

    /// <summary>Their values.</summary>
    public static FourierConstants<T> Values { get; } = new()
    {
        Half = T.CreateChecked(0.5),
        Sine3 = Sine(1, 3),
        Cosine5 = Cosine(1, 5),
        Sine5 = Sine(1, 5),
        SecondCosine5 = Cosine(2, 5),
        SecondSine5 = Sine(2, 5),
        Cosine7 = Cosine(1, 7),
        Sine7 = Sine(1, 7),
        SecondCosine7 = Cosine(2, 7),
        SecondSine7 = Sine(2, 7),
        ThirdCosine7 = Cosine(3, 7),
        ThirdSine7 = Sine(3, 7),
        Cosine8 = Cosine(1, 8),
        Cosine16 = Cosine(1, 16),
        Sine16 = Sine(1, 16),
    };

    private static T Cosine(int k, int n) => T.CreateChecked(UnitRoot.At(k, n).Cosine);

    private static T Sine(int k, int n) => T.CreateChecked(UnitRoot.At(k, n).Sine);
}
