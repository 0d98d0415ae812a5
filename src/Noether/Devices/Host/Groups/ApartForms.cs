using System.Runtime.CompilerServices;
using Noether.Kernels.Lanes;
using Noether.Primitives;

namespace Noether.Devices.Host;

/// <summary>Forms as methods of their own, for emitted loops whose inlining budget is spent.</summary>
internal static class ApartForms
{
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Unary<TForm, V>(V x)
        where TForm : struct, IUnaryForm
        where V : struct, IFloatLanes<V> => TForm.Invoke(x);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static V Binary<TForm, V>(V x, V y)
        where TForm : struct, IBinaryForm
        where V : struct, IFloatLanes<V> => TForm.Invoke(x, y);
}

/// <summary>Which forms are one or a few instructions, and which are elementary functions of dozens.</summary>
internal static class FormWeight
{
    public static bool IsHeavy(Type form) =>
        (typeof(IUnaryForm).IsAssignableFrom(form) || typeof(IBinaryForm).IsAssignableFrom(form)) && !IsShort(form);

    private static bool IsShort(Type form) =>
        form == typeof(Divide.Form) || form == typeof(SquareRoot.Form) || form == typeof(Floor.Form) || form == typeof(Round.Form) || form == typeof(Truncate.Form);
}
