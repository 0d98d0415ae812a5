using System.Numerics;

namespace Noether.Devices.Host;

/// <summary>Another element type; floating to integer saturates and cuts towards zero.</summary>
internal sealed unsafe class CastTile<TFrom, TTo> : TileOperation
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, INumber<TTo>
{
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (TFrom*)x[0];
        var result = (TTo*)y;
        for (var i = 0; i < count; i++) result[i] = TTo.CreateSaturating(a[i]);
    }
}

/// <summary>1 where the element is not 0 (NaN is not 0).</summary>
internal sealed unsafe class BoolTile<TFrom> : TileOperation
    where TFrom : unmanaged, INumber<TFrom>
{
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (TFrom*)x[0];
        for (var i = 0; i < count; i++) y[i] = a[i] != TFrom.Zero ? (byte)1 : (byte)0;
    }
}

/// <summary>From bfloat16, exactly, by way of float32.</summary>
internal sealed unsafe class WidenTile<TTo> : TileOperation
    where TTo : unmanaged, INumber<TTo>
{
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (BFloat16*)x[0];
        var result = (TTo*)y;
        for (var i = 0; i < count; i++) result[i] = TTo.CreateSaturating((float)a[i]);
    }
}

/// <summary>To bfloat16, to nearest even, by way of float32.</summary>
internal sealed unsafe class NarrowTile<TFrom> : TileOperation
    where TFrom : unmanaged, INumber<TFrom>
{
    public override void Run(byte** x, byte* y, int count)
    {
        var a = (TFrom*)x[0];
        var result = (BFloat16*)y;
        for (var i = 0; i < count; i++) result[i] = (BFloat16)float.CreateSaturating(a[i]);
    }
}

/// <summary>Chooses the conversion between two element types.</summary>
internal static class Casts
{
    public static TileOperation Between(DType from, DType to) => from switch
    {
        DType.Bool => From<byte>(to),
        DType.Int32 => From<int>(to),
        DType.Int64 => From<long>(to),
        DType.Float32 => From<float>(to),
        DType.Float64 => From<double>(to),
        _ => to switch
        {
            DType.Bool => new WidenToBool(),
            DType.Int32 => new WidenTile<int>(),
            DType.Int64 => new WidenTile<long>(),
            DType.Float64 => new WidenTile<double>(),
            _ => new WidenTile<float>(),
        },
    };

    private static TileOperation From<T>(DType to)
        where T : unmanaged, INumber<T> => to switch
        {
            DType.Bool => new BoolTile<T>(),
            DType.Int32 => new CastTile<T, int>(),
            DType.Int64 => new CastTile<T, long>(),
            DType.Float32 => new CastTile<T, float>(),
            DType.Float64 => new CastTile<T, double>(),
            _ => new NarrowTile<T>(),
        };

    private sealed unsafe class WidenToBool : TileOperation
    {
        public override void Run(byte** x, byte* y, int count)
        {
            var a = (BFloat16*)x[0];
            for (var i = 0; i < count; i++) y[i] = a[i] != 0f ? (byte)1 : (byte)0;
        }
    }
}
