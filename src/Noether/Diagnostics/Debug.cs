using Noether.Devices;
using Noether.Graphs;

namespace Noether;

/// <summary>Checks that cost time and are off by default.</summary>
public static class Debug
{
    private static volatile bool ChecksNumerics;

    /// <summary>
    /// Whether every step of every evaluation is checked for results that are NaN or infinite although its operands are finite; the first
    /// throws and is named. Groups are then not fused.
    /// </summary>
    public static bool CheckNumerics
    {
        get => ChecksNumerics;
        set => ChecksNumerics = value;
    }

    internal static void Check(Step step, View[] x, View[] y, Device device)
    {
        foreach (var view in y)
        {
            if (!view.Type.IsFloating() || IsFinite(view, device) || !Array.TrueForAll(x, v => !v.Type.IsFloating() || IsFinite(v, device))) continue;
            throw new NumericsException(
                $"{step.Name}: NaN or infinity in {view.Type.Name()}{view.Shape} from finite operands {string.Join(", ", x.Select(v => v.Type.Name() + v.Shape))}");
        }
    }

    private static bool IsFinite(View view, Device device)
    {
        var values = new byte[view.Size * view.Type.Bytes()];
        var dense = device.NewView(view.Shape, view.Type);
        if (view.Size > 0) device.Copy(view, dense);
        device.Download(dense.Storage, 0, values);
        dense.Storage.Release();
        for (var i = 0; i < view.Size; i++)
        {
            var value = view.Type switch
            {
                DType.Float32 => BitConverter.ToSingle(values, i * 4),
                DType.Float64 => BitConverter.ToDouble(values, i * 8),
                _ => new BFloat16(BitConverter.ToUInt16(values, i * 2)),
            };
            if (!double.IsFinite(value)) return false;
        }

        return true;
    }
}
