using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Noether.Kernels.Lanes;

namespace Noether.Kernels;

/// <summary>The error function on <c>0 ≤ t ≤ 6</c> in float64: a polynomial of degree 16 for each of 8 intervals of width 0.8.</summary>
/// <remarks>
/// Beyond 5.93 the function rounds to 1. A polynomial is right to 2^-58 of its values; each lane looks its interval's centre and coefficients up in
/// registers, so neither an exponential nor a quotient is needed. A centre is not the middle but a nearby number at which the function is a float64
/// almost exactly: the leading coefficient brings no error of its own. That of the first interval is 0, and its polynomial was fitted to
/// <c>erf t / t</c>, so that small values keep their relative accuracy.
/// </remarks>
internal static class ErrorTable
{
    public const double End = 6;

    // Centres, then coefficients of the distance from them, constant first: rows of one number an interval.
    private static ReadOnlySpan<double> Rows =>
    [
        0, 0.8000000002210073, 1.6000000000345609, 2.4000000000381987,
        3.1999999999818103, 3.999999999886313, 4.800000000362888, 5.600000000362888,
        0, 0.7421009648391567, 0.9763483833476587, 0.9993114861034907,
        0.9999939742388475, 0.9999999845827421, 0.9999999999886479, 0.9999999999999977,
        1.1283791670955126, 0.5949857860470751, 0.08722905862429832, 0.0035556486802257982,
        4.029763553792678e-05, 1.2698234683418878e-07, 1.1125260650979072e-10, 2.7100674776282443e-14,
        2.1305248311948532e-19, -0.4759886289691563, -0.13956649380189196, -0.008533556832677753,
        -0.0001289524337206332, -5.079293873221778e-07, -5.340125112911707e-10, -1.5176377895713379e-13,
        -0.3761263890318376, 0.055532006837984024, 0.11979457385045403, 0.012468474705762025,
        0.00026166598008982826, 1.3121509171992413e-06, 1.6717558343134661e-09, 5.5755122806758e-13,
        3.824624776483579e-15, 0.1364500735817318, -0.049313494481814095, -0.012117650702924882,
        -0.00037568142356768353, -2.454992038572117e-06, -3.8342098316198786e-09, -1.5105554844886807e-12,
        0.11283791670938165, -0.06032362560912281, -0.00437773568490194, 0.007892402263068298,
        0.000402372428135523, 3.534341987317087e-06, 6.860156107580792e-09, 3.216377907769608e-12,
        4.556727333827052e-12, -0.020300386122506776, 0.015485057561163054, -0.0030825482898519134,
        -0.0003290155437335394, -4.057791437971165e-06, -9.953793855228083e-09, -5.6010921340537074e-12,
        -0.02686617072565031, 0.019002856240793533, -0.006036565483218248, 0.0002346040105254812,
        0.00020501125238682856, 3.79596589777698e-06, 1.2017547545863901e-08, 8.195982853396022e-12,
        9.854351375731083e-10, 0.000549511528771715, -0.0009036004474200671, 0.000519783657272591,
        -9.350567075227324e-05, -2.9264392031186546e-06, -1.2288100068146293e-08, -1.0274101403051997e-11,
        0.005223968991662854, -0.003792690362090422, 0.0014950577536893286, -0.00032283555755375305,
        2.6629621226576483e-05, 1.8631755230098513e-06, 1.0770545602938162e-08, 1.119105705716037e-11,
        5.526042462175693e-08, 0.0005091387244124444, -0.00031777805243415376, 6.255507248430084e-05,
        -4.197344524147248e-07, -9.70283825034456e-07, -8.155193039098734e-09, -1.0708091606113654e-11,
        -0.0008550937317727507, 0.0005465607757332924, -0.00015221277674754339, 2.5532774702094185e-05,
        -4.113352211820004e-06, 4.007693009458049e-07, 5.3549925593359e-09, 9.081315008471632e-12,
        9.108501303104688e-07, -0.0001500074850843044, 8.873475138619336e-05, -1.9691164735332402e-05,
        2.257467788100377e-06, -1.2017439147839967e-07, -3.048147938419329e-09, -6.8480084935930604e-12,
        0.00011822656138375028, -5.858469182336304e-05, -2.9924177412711217e-07, 3.6570406231860266e-06,
        -5.313670827798196e-07, 1.749115077027042e-08, 1.4944985538712815e-09, 4.553146715003238e-12,
        4.255447184395964e-06, 2.6411992710417357e-05, -1.1612203177022132e-05, 1.3436112548917799e-06,
        -5.533404615261716e-08, 5.897682755241604e-09, -6.241197822826551e-10, -2.7674140138006924e-12,
        -2.0260110462855808e-05, 4.321968937297173e-06, 2.23860066006475e-06, -8.371353899989407e-07,
        8.9702329819517e-08, -5.512277624145251e-09, 2.1886119511623723e-10, 1.7384079272569925e-12,
        4.196787579901113e-06, -3.281383012460991e-06, 8.410754823400665e-07, 8.95281773518962e-08,
        -2.7457241369933947e-08, 1.92024863090875e-09, -5.4338192894051005e-11, -8.176696343188688e-13,
    ];

    /// <summary>The function at <paramref name="t"/> from 0 to <see cref="End"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V At<V>(V t)
        where V : struct, ILookupLanes<V>
    {
        // a little below 1 / 0.8, so that the end belongs to the last interval
        var place = V.Place(t, V.Constant(1.249999));
        var r = t - V.Lookup(in MemoryMarshal.GetReference(Rows), place);
        var sum = V.MultiplyAdd(Coefficient(16, place), r, Coefficient(15, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(14, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(13, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(12, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(11, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(10, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(9, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(8, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(7, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(6, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(5, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(4, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(3, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(2, place));
        sum = V.MultiplyAdd(sum, r, Coefficient(1, place));
        return V.MultiplyAdd(sum, r, Coefficient(0, place));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Coefficient<V>(int power, V place)
        where V : struct, ILookupLanes<V> =>
        V.Lookup(in Unsafe.Add(ref MemoryMarshal.GetReference(Rows), 8 * (power + 1)), place);
}
