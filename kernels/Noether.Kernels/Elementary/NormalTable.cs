using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

/// <summary><c>Φ(-t)</c>, the lower tail of the normal distribution, on <c>0 ≤ t ≤ 5.5</c> in float32: a polynomial for each of 16 intervals.</summary>
/// <remarks>
/// On [0, 5.5] the tail falls by eight decades, so it is the relative error that counts, and intervals grow narrower as the tail falls faster:
/// their bounds lie evenly on <c>t·(t + 2)</c>, which one product rounds to an interval's number. Degree 7 then is right to 2^-25.5 of the value.
/// Each lane looks its interval's centre and eight coefficients up in registers, which costs as little as arithmetic and spares both the
/// exponential and the quotient of the formula for all t. A centre is not the middle but a nearby float32 at which value and slope happen to be
/// float32 numbers almost exactly (to 2^-31): the distance from it and the two leading coefficients bring no error of their own.
/// </remarks>
internal static class NormalTable
{
    public const double End = 5.5;

    // Centres, then coefficients of the distance from them, constant first: rows of one number an interval.
    private static ReadOnlySpan<float> Rows =>
    [
        0f, 0.880183756f, 1.49779677f, 1.99026561f, 2.40975595f, 2.77966905f, 3.11686254f, 3.42914462f,
        3.72403026f, 3.9935205f, 4.25535488f, 4.50149632f, 4.73907709f, 4.96477079f, 5.18727636f, 5.39979601f,
        0.5f, 0.189379886f, 0.0670930296f, 0.0232808422f, 0.00798159745f, 0.00272071618f, 0.000913933909f, 0.0003027434f,
        9.80337063e-05f, 3.2549724e-05f, 1.04358851e-05f, 3.37383676e-06f, 1.07346909e-06f, 3.43911267e-07f, 1.06695971e-07f, 3.33583579e-08f,
        -0.398942292f, -0.270820171f, -0.129946023f, -0.0550497957f, -0.0218752287f, -0.00837739278f, -0.00309999567f, -0.00111549732f,
        -0.000388530374f, -0.000137341296f, -4.66442398e-05f, -1.58764597e-05f, -5.29702947e-06f, -1.7719799e-06f, -5.7272706e-07f, -1.85940891e-07f,
        1.788243e-09f, 0.119185746f, 0.0973163694f, 0.0547818579f, 0.0263569821f, 0.0116431899f, 0.00483113015f, 0.00191260083f,
        0.000723449455f, 0.000274237653f, 9.92438945e-05f, 3.57339122e-05f, 1.25515153e-05f, 4.39873702e-06f, 1.48544677e-06f, 5.02021464e-07f,
        0.0664901361f, 0.0101682413f, -0.0269290395f, -0.0271685161f, -0.0175254252f, -0.00939183962f, -0.00450265687f, -0.00200027879f,
        -0.000833294122f, -0.000342167652f, -0.000132998626f, -5.0972616e-05f, -1.89446946e-05f, -6.9842431e-06f, -2.47301978e-06f, -8.72614407e-07f,
        5.2653636e-06f, -0.0220999252f, -0.00613632333f, 0.00438766787f, 0.0061651771f, 0.00458604656f, 0.0027033661f, 0.00139604846f,
        0.000655228388f, 0.000295906444f, 0.000124947837f, 5.14072417e-05f, 2.03529835e-05f, 7.93558047e-06f, 2.95944596e-06f, 1.09429902e-06f,
        -0.0100141428f, 0.00236490485f, 0.00587709434f, 0.00232875114f, -0.000342481042f, -0.0011407492f, -0.00100979768f, -0.000657407567f,
        -0.000363024883f, -0.000185017794f, -8.63899695e-05f, -3.86365609e-05f, -1.64493704e-05f, -6.83227108e-06f, -2.69933139e-06f, -1.05087202e-06f,
        0.000133977665f, 0.00256045791f, -0.000630702416f, -0.00134870189f, -0.000685012899f, -8.52934827e-05f, 0.000162710727f, 0.000189107042f,
        0.000137931682f, 8.37934131e-05f, 4.47107741e-05f, 2.21994087e-05f, 1.03162592e-05f, 4.61428135e-06f, 1.94810877e-06f, 8.03794137e-07f,
        0.00101508212f, -0.000594581768f, -0.0005547537f, 0.000105758758f, 0.00027511915f, 0.000168780287f, 4.73571272e-05f, -1.43919669e-05f,
        -3.0062005e-05f, -2.56664225e-05f, -1.68537499e-05f, -9.62621289e-06f, -5.00500846e-06f, -2.43744284e-06f, -1.12187968e-06f, -4.97724045e-07f,
    ];

    /// <summary>The tail at <paramref name="t"/> from 0 to <see cref="End"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tail<V>(V t)
        where V : struct, ILookupLanes<V>
    {
        var place = V.Place(t, V.MultiplyAdd(t, V.Constant(0.3755151629447937), V.Constant(0.7510303258895874)));
        return PolynomialTable.At(Rows, t, place);
    }
}
