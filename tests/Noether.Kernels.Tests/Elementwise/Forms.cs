using System.Reflection;
using Noether.Kernels.Lanes;

namespace Noether.Kernels.Tests.Elementwise;

/// <summary>A few forms as the engine has them.</summary>
public static class Forms
{
    public static MethodInfo Of<TForm>() => typeof(TForm).GetMethod("Invoke")!;

    public readonly struct Add
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => x + y;
    }

    public readonly struct Multiply
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => x * y;
    }

    public readonly struct Less
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Less(x, y);
    }

    public readonly struct LessOrEqual
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.LessOrEqual(x, y);
    }

    public readonly struct Maximum
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Max(x, y);
    }

    public readonly struct Minimum
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, ILanes<V> => V.Min(x, y);
    }

    public readonly struct Sign
    {
        public static V Invoke<V>(V x)
            where V : struct, ILanes<V> => V.Select(V.Less(V.Constant(0), x), V.Constant(1), V.Select(V.Less(x, V.Constant(0)), V.Constant(-1), x - x));
    }

    public readonly struct SquareRoot
    {
        public static V Invoke<V>(V x)
            where V : struct, IFloatLanes<V> => V.Sqrt(x);
    }

    public readonly struct And
    {
        public static V Invoke<V>(V x, V y)
            where V : struct, IIntegerLanes<V> => x & y;
    }
}
