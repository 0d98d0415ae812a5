using System.Reflection.Emit;

namespace Noether.Devices.Host;

/// <content>Changes of element type.</content>
internal sealed partial class LoopEmitter
{
    private void Cast(int register, int argument, DType from, DType to)
    {
        if (to == DType.Bool)
        {
            if (from == DType.Bool) masks[(register, AnyMask(argument))] = Masks(argument, AnyMask(argument));
            else AskNonZero(register, argument, from);
            return;
        }

        if (from == DType.Bool)
        {
            FromMask(register, argument, to);
            return;
        }

        var x = parts[argument]!;
        if (from == DType.BFloat16) from = DType.Float32;
        var target = to == DType.BFloat16 ? DType.Float32 : to;
        if (from == DType.Float32 && target == DType.Int64) (x, from) = (Widen(x, "Double", DType.Float64), DType.Float64);
        if (from == DType.Int32 && target == DType.Float64) (x, from) = (Widen(x, "Int64", DType.Int64), DType.Int64);
        var y = (from, target) switch
        {
            (DType.Float32, DType.Float64) => Widen(x, "Double", target),
            (DType.Float32, DType.Int32) => Same(x, "Int32OfSingle", target),
            (DType.Float64, DType.Float32) => Narrow(x, "SingleOfDoubles", target),
            (DType.Float64, DType.Int32) => Narrow(x, "Int32OfDouble", target),
            (DType.Float64, DType.Int64) => Same(x, "Int64OfDouble", target),
            (DType.Int32, DType.Int64) => Widen(x, "Int64", target),
            (DType.Int32, DType.Float32) => Same(x, "SingleOfInt32", target),
            (DType.Int64, DType.Int32) => Narrow(x, "Int32OfInt64", target),
            (DType.Int64, DType.Float32) => Narrow(x, "SingleOfInt64", target),
            (DType.Int64, DType.Float64) => Same(x, "DoubleOfInt64", target),
            _ => x,
        };
        parts[register] = to == DType.BFloat16 ? Same(y, "RoundToBFloat16", DType.Float32) : y;
    }

    private LocalBuilder[] Same(LocalBuilder[] x, string name, DType to)
    {
        var y = Locals(Lanes(to), x.Length);
        Call(() => Convert(name), y, [x]);
        return y;
    }

    private LocalBuilder[] Widen(LocalBuilder[] x, string name, DType to)
    {
        var y = Locals(Lanes(to), 2 * x.Length);
        for (var p = 0; p < y.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, x[p / 2]);
            Convert(name + (p % 2 == 0 ? "Lower" : "Upper"));
            il.Emit(OpCodes.Stloc, y[p]);
        }

        return y;
    }

    private LocalBuilder[] Narrow(LocalBuilder[] x, string name, DType to)
    {
        var y = Locals(Lanes(to), x.Length / 2);
        for (var p = 0; p < y.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, x[2 * p]);
            il.Emit(OpCodes.Ldloc, x[2 * p + 1]);
            Convert(name);
            il.Emit(OpCodes.Stloc, y[p]);
        }

        return y;
    }

    private void AskNonZero(int register, int argument, DType from)
    {
        var (x, at, lanes) = (parts[argument]!, LaneBytes(from), Lanes(from));
        var y = masks[(register, at)] = Locals(MaskLanes(at), x.Length);
        for (var p = 0; p < x.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, x[p]);
            PushConstant(lanes, 0);
            il.Emit(OpCodes.Call, LaneMethod(lanes, "Equal"));
            il.Emit(OpCodes.Call, LaneMethod(lanes, "MaskNot"));
            LanesToMask(from);
            il.Emit(OpCodes.Stloc, y[p]);
        }
    }

    private void FromMask(int register, int argument, DType to)
    {
        var (mask, lanes) = (Masks(argument, LaneBytes(to)), Lanes(to));
        var y = parts[register] = Locals(lanes, mask.Length);
        for (var p = 0; p < y.Length; p++)
        {
            il.Emit(OpCodes.Ldloc, mask[p]);
            MaskToLanes(to);
            PushConstant(lanes, 1);
            PushConstant(lanes, 0);
            il.Emit(OpCodes.Call, LaneMethod(lanes, "Select"));
            il.Emit(OpCodes.Stloc, y[p]);
        }
    }

    private void PushConstant(Type lanes, double value)
    {
        il.Emit(OpCodes.Ldc_R8, value);
        il.Emit(OpCodes.Call, lanes.GetMethod("Constant", [typeof(double)])!);
    }
}
